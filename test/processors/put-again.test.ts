/** What becomes of the events of a record, whatever the stream does with those that are put again. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { maxBatchBytes, maxRecordsPerBatch } from "../../firehose/limits";
import { numRuns } from "../property-runs";
import { emitted, eventOf } from "./emitted";
import { type Trouble, withFirehose } from "./firehose";

const trail = (id: string): string =>
  JSON.stringify({
    eventVersion: "1.11",
    eventName: "GetRole",
    eventSource: "iam.amazonaws.com",
    eventID: id,
  });
const subscription = (messages: readonly string[], ids: readonly string[]): string =>
  JSON.stringify({
    messageType: "DATA_MESSAGE",
    owner: "111122223333",
    logGroup: "/app/shop",
    logStream: "s",
    logEvents: messages.map((message, i) => ({ id: ids[i], timestamp: 1_772_323_200_000 + i, message })),
  });

/** How each processor gets several events in one record. */
const kinds: Record<string, (ids: readonly string[]) => string | Buffer> = {
  "cloudwatch-logs": (ids) => gzipSync(subscription(ids, ids)),
  "cloudwatch-logs,redact": (ids) => subscription(ids, ids),
  cloudtrail: (ids) => gzipSync(subscription(ids.map(trail), ids)),
  "cloudtrail,redact": (ids) => `{"Records":[${ids.map(trail).join(",")}]}`,
};

/** Numbers of events of each record. */
const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constantFrom("ServiceUnavailableException", "AccessDeniedException", "InternalFailure"),
  fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 6 }),
);
const troubles = fc.array(trouble, { maxLength: 2 });

const idOf = (text: string): string => (JSON.parse(text) as { event: { id: string } }).event.id;
const sourceIdOf = (text: string): string => {
  const { event, eventID } = JSON.parse(text) as { event?: { id: string }; eventID?: string };
  return eventID ?? event!.id;
};

describe("documents that are put into the stream again", () => {
  for (const [chain, recordOf] of Object.entries(kinds)) {
    it(`${chain}: each event ends in one document, or its record fails and keeps all of them [B08] [B09] [B15]`, async () => {
      const { handler } = await emitted(chain);
      await fc.assert(
        fc.asyncProperty(sizes, troubles, async (counts, met) => {
          const idsOfRecord = counts.map((count, r) => Array.from({ length: count }, (_, e) => `${r}.${e}`));
          await withFirehose(met, async (firehose) => {
            const { records } = await handler(eventOf(idsOfRecord.map(recordOf)));
            deepEqual(
              records.map(({ recordId }) => recordId),
              counts.map((_, i) => `r${i}`),
            );
            const taken = firehose.taken();
            const calls = firehose.calls.length;
            for (const [i, { result, data }] of records.entries()) {
              const others = taken.map(sourceIdOf).filter((id) => id.startsWith(`${i}.`));
              // The source of a failed record is kept as a whole; all that may be said of the others is that they are its own.
              equal(new Set(others).size, others.length);
              if (result === "ProcessingFailed") continue;
              equal(result, "Ok");
              const first = Buffer.from(data!, "base64").toString("utf8");
              deepEqual([idOf(first), ...others].sort(), idsOfRecord[i]);
            }
            // What came back is a document each, and nothing is put a second time.
            const again = await handler(eventOf(taken));
            equal(firehose.calls.length, calls);
            deepEqual(
              again.records.map(({ data }) => idOf(Buffer.from(data!, "base64").toString("utf8"))),
              taken.map(sourceIdOf),
            );
          });
        }),
        numRuns(40),
      );
    });
  }

  it("go in calls within the API's limits, however many there are", async () => {
    const { handler } = await emitted("cloudwatch-logs");
    for (const [count, length] of [
      [1_201, 10],
      [30, 300_000],
    ] as const) {
      const ids = Array.from({ length: count }, (_, i) => `${i}`);
      const messages = ids.map((id) => id.padEnd(length, "x"));
      await withFirehose([], async (firehose) => {
        const { records } = await handler(eventOf([gzipSync(subscription(messages, ids))]));
        equal(records[0]?.result, "Ok");
        deepEqual(firehose.taken().map(idOf), ids.slice(1));
        for (const call of firehose.calls) {
          ok(call.length <= maxRecordsPerBatch);
          ok(Buffer.byteLength(call.join("")) <= maxBatchBytes);
        }
      });
    }
  });
});
