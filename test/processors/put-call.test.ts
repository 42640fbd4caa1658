/** One call of PutRecordBatch from a function: its body is the SDK's, and its answer says no more than it does. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { createPutCall } from "../../processors/payloads/put-call";
import { type Faults, type Sink, startSink } from "../publisher/sink";

const records = ["", "a", "ü\n", "\xff\0"].map((text) => Buffer.from(text, "latin1"));

describe("a function's call of PutRecordBatch", () => {
  let sink: Sink;
  const before: Record<string, string | undefined> = {};
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(values)) {
      before[name] = process.env[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  const open = async (faults: Faults = {}): Promise<void> => {
    sink = await startSink(faults);
    set({ AWS_ENDPOINT_URL_FIREHOSE: sink.url, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
  };
  afterEach(async () => {
    set({ ...before });
    await sink.close();
  });

  it("has the body that the SDK would make of its records, and is signed for it", async () => {
    await open();
    const own = Buffer.concat([Buffer.from("xx"), records[3]!]).subarray(2);
    await createPutCall()("web", [...records.slice(0, 3), own], "eu-west-1");

    const client = new FirehoseClient({ region: "eu-west-1" });
    const Records = records.map((Data) => ({ Data }));
    await client.send(new PutRecordBatchCommand({ DeliveryStreamName: "web", Records }));
    client.destroy();
    equal(sink.bodies[0], sink.bodies[1]);
    equal(sink.headers[0]!["content-length"], sink.headers[1]!["content-length"]);
  });

  it("says of each record whether it was taken", async () => {
    await open({ failEntries: 0.5, seed: 3 });
    const { RequestResponses = [] } = await createPutCall()("web", records, "eu-west-1");

    const taken = RequestResponses.map(({ ErrorCode }) => ErrorCode === undefined);
    deepEqual(
      taken,
      records.map((record) => sink.seen.has(record.toString("base64"))),
    );
    deepEqual(new Set(taken), new Set([true, false]));
  });

  for (const [what, body, said] of [
    ["says it of fewer records", '{"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"}]}', 1],
    ["names none", '{"FailedPutCount":0,"RequestResponses":[]}', 0],
    ["counts wrong", '{"FailedPutCount":0,"RequestResponses":[{"ErrorCode":"\\"RecordId\\""}]}', 1],
  ] as const) {
    it(`takes no record for taken where the answer ${what}`, async () => {
      await open({ answer: { status: 200, body } });
      const { RequestResponses = [] } = await createPutCall()("web", records, "eu-west-1");
      equal(RequestResponses.length, said);
    });
  }

  it("fails where the answer breaks off, is no JSON, or is a refusal", async () => {
    await open({ tearAnswers: 1 });
    await rejects(createPutCall()("web", records, "eu-west-1"));
    await sink.close();
    await open({ answer: { status: 200, body: '{"FailedPutCount":0,' } });
    await rejects(createPutCall()("web", records, "eu-west-1"));
    await sink.close();
    await open({ throttleCalls: 1 });
    await rejects(createPutCall()("web", records, "eu-west-1"), { name: "ServiceUnavailableException" });
  });
});
