import { deepEqual, equal } from "node:assert/strict";
import { arrivalMs, documentOf, emitted, eventOf, read, run } from "./emitted";

const java = `2026-02-28 17:00:00,123 [main] ERROR com.example.Shop - checkout failed
java.lang.IllegalStateException: no cart
\tat com.example.Shop.checkout(Shop.java:42)
\tat com.example.Main.main(Main.java:7)
Caused by: java.io.IOException: INFO is missing
\t... 2 more`;
const python = `Traceback (most recent call last):
  File "/srv/shop.py", line 42, in <module>
    checkout(cart)
ValueError: ERROR in the cart`;

/** The documents of one text at several times of its arrival. */
async function at(text: string, ...arrivals: string[]): Promise<string[]> {
  const { handler } = await emitted("text");
  const event = eventOf(arrivals.map(() => text));
  const records = event.records.map((record, i) => ({
    ...record,
    approximateArrivalTimestamp: Date.parse(arrivals[i]!),
  }));
  return read(await handler({ ...event, records })).map((answer) =>
    "document" in answer ? answer.document["@timestamp"] : answer.result,
  );
}

describe("processor text", () => {
  it("keeps a stack trace in one document, with the time and level of its first line", async () => {
    const { message, log, "@timestamp": time } = await documentOf("text", java);
    deepEqual([message, log, time], [java, { level: "error" }, "2026-02-28T17:00:00.123Z"]);
    const traced = await documentOf("text", python);
    deepEqual([traced.message, traced.log], [python, undefined]);
  });

  it("reads the level of Java's own logging from its second line", async () => {
    const document = await documentOf(
      "text",
      "Feb 28, 2026 5:00:00 PM com.example.App run\nSEVERE: no disk\n",
    );
    deepEqual([document.log, document["@timestamp"]], [{ level: "error" }, "2026-02-28T17:00:00.000Z"]);
  });

  it("gives a time without a year the year that is next to the arrival", async () => {
    const line = "Dec 31 23:59:59 web1 cron[1]: x";
    deepEqual(await at(line, "2026-01-01T00:00:01Z", "2026-12-31T23:59:59Z", "2027-06-01T00:00:00Z"), [
      "2025-12-31T23:59:59.000Z",
      "2026-12-31T23:59:59.000Z",
      "2026-12-31T23:59:59.000Z",
    ]);
    deepEqual(await at("Jan  1 00:00:05 web1 cron[1]: x", "2026-12-31T23:59:59Z"), [
      "2027-01-01T00:00:05.000Z",
    ]);
  });

  it("reads the messages behind cloudwatch-logs, and keeps what is around them", async () => {
    const payload = {
      messageType: "DATA_MESSAGE",
      owner: "111122223333",
      logGroup: "/aws/rds/instance/shop/postgresql",
      logStream: "shop.0",
      logEvents: [
        {
          id: "e1",
          timestamp: arrivalMs - 5000,
          message: "2026-03-01 11:00:00 UTC:10.0.0.9(5):jane@shop:[47]:ERROR:  x",
        },
      ],
    };
    const document = await documentOf("cloudwatch-logs,text", JSON.stringify(payload));
    equal(document["@timestamp"], "2026-03-01T11:00:00.000Z");
    deepEqual(document.log, { level: "error" });
    deepEqual(document.event, { dataset: "text", id: "e1" });
    equal(document.aws.cloudwatch.log_group, "/aws/rds/instance/shop/postgresql");
    equal(document.cloud.account.id, "111122223333");
  });

  it("drops a record of blanks, and fails a compressed one", async () => {
    const results = await run("text", "  \n", "\0\0\0", Buffer.from([0x1f, 0x8b, 8, 0]));
    deepEqual(
      results.map(({ result }) => result),
      ["Dropped", "Dropped", "ProcessingFailed"],
    );
  });
});
