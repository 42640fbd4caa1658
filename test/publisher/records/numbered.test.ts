import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { numberedBatches } from "../../../publisher/records/numbered";
import { BatchMemory } from "../../../publisher/wire/packed-batch";
import type { PutBatch } from "../../../publisher/wire/put-batch";

const texts = (batches: Iterable<PutBatch>): string[] =>
  [...batches].flatMap((batch) =>
    Array.from({ length: batch.count }, (_, n) => Buffer.from(batch.record(n)).toString()),
  );

describe("publisher/records/numbered", () => {
  it("has each message once, in order, and none for none", () => {
    const all = texts(numberedBatches(1001));

    strictEqual(all.length, 1001);
    strictEqual(all[0], '{"message":"hello world 1"}\n');
    strictEqual(all[1000], '{"message":"hello world 1001"}\n');
    strictEqual(new Set(all).size, 1001);
    strictEqual(texts(numberedBatches(0)).length, 0);
  });

  it("ends messages without a newline where none is wanted", () => {
    strictEqual(texts(numberedBatches(1, false))[0], '{"message":"hello world 1"}');
  });

  it("counts over nines, from wherever it begins", () => {
    for (const [first, total] of [
      [8, 11],
      [98, 101],
      [999_998, 1_000_001],
      [1_099, 1_101],
    ] as const)
      for (const end of ["", "\n"])
        deepStrictEqual(
          texts(numberedBatches(total, end !== "", new BatchMemory(), first)),
          Array.from({ length: total - first + 1 }, (_, n) => `{"message":"hello world ${first + n}"}${end}`),
        );
  });

  it("uses the memory of a batch that was given back again", () => {
    const memory = new BatchMemory();

    for (const batch of numberedBatches(5000, true, memory)) batch.release?.();

    strictEqual(memory.made, 1);
  });
});
