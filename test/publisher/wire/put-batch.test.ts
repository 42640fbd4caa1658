import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { batchesOf, encodedBytes, ListedBatch, type PutBatch } from "../../../publisher/wire/put-batch";

async function sizes(lengths: readonly number[]): Promise<number[]> {
  const counts: number[] = [];
  for await (const batch of batchesOf(lengths.map((length) => Buffer.alloc(length))))
    counts.push(batch.count);
  return counts;
}

const encoded = (batch: PutBatch): string => {
  const into = Buffer.alloc(encodedBytes(batch));
  return into.toString("latin1", 0, batch.encode(into, 0));
};

describe("publisher/wire/put-batch", () => {
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
    const batch = new ListedBatch(["a", "b", "c"].map((text) => Buffer.from(text)));

    const picked = batch.pick([2, 0]);

    strictEqual(encoded(picked), '{"Data":"Yw=="},{"Data":"YQ=="}');
    strictEqual(picked.bytes, 2);
  });
});
