import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { maxRecordBytes } from "../../../firehose/limits";
import { BatchMemory, Packer } from "../../../publisher/wire/packed-batch";
import { encodedBytes, type PutBatch } from "../../../publisher/wire/put-batch";
import { seeded } from "../sink";

function packed(records: readonly Buffer[], memory: BatchMemory): PutBatch {
  const packer = new Packer(memory);
  for (const record of records) {
    strictEqual(packer.makeRoom(record.length), undefined);
    packer.add(record);
  }
  return packer.rest() as PutBatch;
}

const encoded = (batch: PutBatch): string => {
  const into = Buffer.alloc(encodedBytes(batch));
  return into.toString("latin1", 0, batch.encode(into, 0));
};

const expected = (records: readonly Buffer[]): string =>
  records.map((record) => `{"Data":"${record.toString("base64")}"}`).join(",");

/** Memory in which no byte is zero. */
function usedMemory(): BatchMemory {
  const memory = new BatchMemory();
  memory.give(memory.take().fill(0xff));
  return memory;
}

describe("publisher/wire/packed-batch", () => {
  it("has base64 of each record in its place, whatever lay in its memory", () => {
    const random = seeded(11);
    for (const most of [4, 60, 4000]) {
      const records = Array.from({ length: 500 }, (_, n) => Buffer.alloc(1 + Math.floor(random() * most), n));

      strictEqual(encoded(packed(records, usedMemory())), expected(records));
    }
  });

  it("holds 500 records with as many bytes as a call may have", () => {
    const lengths = [...Array(496).fill(1), maxRecordBytes - 1, maxRecordBytes - 2, maxRecordBytes];
    const records = [...lengths, 4 * 1024 * 1024 - 496 - 3 * maxRecordBytes + 3].map((length, n) =>
      Buffer.alloc(length, n),
    );

    strictEqual(encoded(packed(records, usedMemory())) === expected(records), true);
  });

  it("gives each record and picks them by place", () => {
    const records = ["a", "bc", "def", "ghij"].map((text) => Buffer.from(text));
    const batch = packed(records, usedMemory());

    deepStrictEqual(
      records.map((_, n) => Buffer.from(batch.record(n))),
      records,
    );
    strictEqual(encoded(batch.pick([3, 1])), '{"Data":"Z2hpag=="},{"Data":"YmM="}');
    throws(() => batch.record(4), /no record 4 in a batch of 4/);
  });
});
