import { deepEqual, equal, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { maxInvocationBytes } from "../../firehose/limits";
import type { TransformAnswer } from "../../firehose/transform";
import { processors } from "../../processors/index";
import { sampleKinds, sampleLines } from "../../publisher/samples/index";
import { emitted, eventOf, warnings } from "./emitted";
import { withFirehose } from "./firehose";

const samples = sampleKinds.flatMap((kind) => [...sampleLines(kind, 40, 3, 1_772_366_400_000)]);

/** A real record with a part of it replaced: what nearly parses finds more than what never does. */
const damaged = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.nat(),
    fc.nat(30),
    fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array()),
  )
  .map(([line, at, length, inserted]) => {
    const start = at % (line.length + 1);
    return Buffer.concat([
      line.subarray(0, start),
      Buffer.from(inserted as string),
      line.subarray(start + length),
    ]);
  });
const long = fc
  .tuple(fc.constantFrom('"', "\\", "é", " ", "{", "[", "\t", "1", "%", "a.", "a@b."), fc.nat(300_000))
  .map(([unit, count]) => Buffer.from(unit.repeat(count / unit.length)));
const json = fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text));
const message = fc.oneof(fc.string(), fc.json(), fc.constantFrom(...samples.map(String)));
const payload = fc
  .record(
    {
      messageType: fc.constantFrom("DATA_MESSAGE", "CONTROL_MESSAGE", "x"),
      owner: fc.string(),
      logGroup: fc.anything(),
      logEvents: fc.array(
        fc.record({ id: fc.string(), timestamp: fc.double(), message }, { requiredKeys: [] }),
        { maxLength: 4 },
      ),
    },
    { requiredKeys: ["messageType"] },
  )
  .map((object) => {
    try {
      return Buffer.from(JSON.stringify(object));
    } catch {
      return Buffer.from("{}");
    }
  });
const any = fc.oneof(
  damaged,
  damaged,
  json,
  payload,
  payload.map((bytes) => gzipSync(bytes)),
  long,
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
const batch = fc.array(any, { maxLength: 8 });

/** Every id once and in order, within Lambda's answer, each document an object on a single line. */
function assess(chain: string, records: readonly Buffer[], answer: TransformAnswer): void {
  deepEqual(
    answer.records.map(({ recordId }) => recordId),
    records.map((_, i) => `r${i}`),
  );
  // The handler would turn an exception into a failed record; no processor may need that.
  deepEqual(
    warnings.splice(0).filter((warning) => warning.includes("threw")),
    [],
  );
  ok(Buffer.byteLength(JSON.stringify(answer)) <= maxInvocationBytes);
  for (const { result, data } of answer.records) {
    ok(result === "Ok" || (data === undefined && /^(Dropped|ProcessingFailed)$/.test(result)));
    if (result !== "Ok" || /^(identity|redact)$/.test(chain)) continue;
    const text = Buffer.from(data ?? "", "base64").toString("utf8");
    ok(!/[\n\r]/.test(text.trimEnd()), "one line");
    equal(typeof JSON.parse(text), "object");
  }
}

describe("every processor", () => {
  for (const chain of [
    ...Object.keys(processors),
    "redact,access-log",
    "cloudwatch-logs,redact",
    "json-events,redact",
  ]) {
    it(`${chain} answers any batch: no throw, no id lost or invented, at most 6 MB [B07]`, async () => {
      const { handler } = await emitted(chain);
      await withFirehose([], async () => {
        await fc.assert(
          fc.asyncProperty(batch, async (records) => assess(chain, records, await handler(eventOf(records)))),
          { numRuns: 150 },
        );
      });
    }).timeout(120_000);

    it(`${chain} keeps its answer within 6 MB where documents grow [B07]`, async () => {
      const { handler } = await emitted(chain);
      const backslashes = "\\".repeat(400_000);
      const line = `192.0.2.1 - - [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "${backslashes}"`;
      const object = JSON.stringify({
        messageType: "DATA_MESSAGE",
        logEvents: [{ message: `{"a":"${backslashes}"}` }],
      });
      for (const record of [line, object]) {
        const records = Array.from({ length: 7 }, () => Buffer.from(record));
        assess(chain, records, await handler(eventOf(records)));
      }
    }).timeout(120_000);
  }
});
