import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import { processors } from "../../../processors";
import { sampleKinds, sampleLines } from "../../../publisher/records/samples";
import { emitted, eventOf } from "../../processors/emitted";
import { withFirehose } from "../../processors/firehose";

const hash = (lines: Iterable<Buffer>): string => {
  const sum = createHash("sha256");
  for (const line of lines) sum.update(line).update("\n");
  return sum.digest("hex");
};

describe("samples", () => {
  for (const kind of sampleKinds) {
    it(`makes the same ${kind} for the same seed, other ones for another`, () => {
      const endMs = 1_772_366_400_000;
      equal(hash(sampleLines(kind, 100, 7, endMs)), hash(sampleLines(kind, 100, 7, endMs)));
      ok(hash(sampleLines(kind, 100, 7, endMs)) !== hash(sampleLines(kind, 100, 8, endMs)));
    });

    it(`makes exactly as many ${kind} as asked, each a line that its processor takes`, async () => {
      ok(Object.hasOwn(processors, kind));
      const lines = [...sampleLines(kind, 400)];
      equal(lines.length, 400);
      ok(lines.every((line) => !line.includes(10)));
      await withFirehose([], async () => {
        const { records } = await (await emitted(kind)).handler(eventOf(lines));
        deepEqual([...new Set(records.map(({ result }) => result))], ["Ok"]);
      });
    });
  }

  it("names the kinds there are for one that is none", () => {
    throws(() => [...sampleLines("constructor", 1)], /access-log, json-events/);
  });
});
