import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type Batch, batchesOf, encodedBytes, RecordBatch } from "../../publisher/batch";
import { helloBatches } from "../../publisher/hello";

async function sizes(lengths: readonly number[]): Promise<number[]> {
  const counts: number[] = [];
  for await (const batch of batchesOf(lengths.map((length) => Buffer.alloc(length))))
    counts.push(batch.count);
  return counts;
}

const encoded = (batch: Batch): string => {
  const into = Buffer.alloc(encodedBytes(batch));
  return into.toString("latin1", 0, batch.encode(into, 0));
};

describe("publisher/batch", () => {
  it("puts 501 records into 500 and 1 [B23]", async () => {
    deepStrictEqual(await sizes(Array(501).fill(10)), [500, 1]);
  });

  it("puts five records of 1,000,000 bytes into 4 and 1 [B23]", async () => {
    deepStrictEqual(await sizes(Array(5).fill(1_000_000)), [4, 1]);
  });

  it("puts four records of 1,024,000 bytes into one call: bytes count before base64 [B23]", async () => {
    deepStrictEqual(await sizes(Array(4).fill(1_024_000)), [4]);
  });

  it("fills a batch to exactly 4 MiB [B23]", async () => {
    deepStrictEqual(await sizes([...Array(4).fill(1_000_000), 194_304, 1]), [5, 1]);
  });

  it("takes 1,024,000 bytes and refuses 1,024,001 [B22]", async () => {
    const refused: number[] = [];
    const records = [1_023_999, 1_024_000, 1_024_001].map((length) => Buffer.alloc(length));
    const counts: number[] = [];

    for await (const batch of batchesOf(records, (record) => refused.push(record.length)))
      counts.push(batch.count);

    deepStrictEqual(counts, [2]);
    deepStrictEqual(refused, [1_024_001]);
  });

  it("throws on a record that is too long where nobody takes it", async () => {
    await rejects(sizes([1_024_001]), /1024001 bytes; allowed: up to 1024000 bytes/);
  });

  it("gives no batch for no record [B24]", async () => {
    deepStrictEqual(await sizes([]), []);
  });

  it("picks records by place, in the order that is asked for", () => {
    const batch = new RecordBatch(["a", "b", "c"].map((text) => Buffer.from(text)));

    const picked = batch.pick([2, 0]);

    strictEqual(encoded(picked), '{"Data":"Yw=="},{"Data":"YQ=="}');
    strictEqual(picked.bytes, 2);
  });
});

describe("publisher/hello", () => {
  for (const newline of [true, false]) {
    it(`encodes as the bytes of its records do, newline ${newline}`, () => {
      for (const batch of helloBatches(112_345, newline)) {
        const plain = new RecordBatch(Array.from({ length: batch.count }, (_, n) => batch.record(n)));
        strictEqual(encoded(batch), encoded(plain));
        strictEqual(batch.bytes, plain.bytes);
      }
    });
  }

  it("has each message once", () => {
    const texts: string[] = [];
    for (const batch of helloBatches(1001)) {
      for (let n = 0; n < batch.count; n++) texts.push(Buffer.from(batch.record(n)).toString());
    }

    strictEqual(texts.length, 1001);
    strictEqual(texts[0], '{"message":"hello world 1"}\n');
    strictEqual(texts[1000], '{"message":"hello world 1001"}\n');
    strictEqual(new Set(texts).size, 1001);
  });

  it("picks like any batch", () => {
    const [batch] = [...helloBatches(5)] as [Batch];

    strictEqual(Buffer.from(batch.pick([4]).record(0)).toString(), '{"message":"hello world 5"}\n');
  });
});
