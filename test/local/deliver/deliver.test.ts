import { strict as assert } from "node:assert";
import { Deliver } from "../../../local/deliver/deliver";
import { DocumentCargo } from "../../../local/deliver/document-cargo";
import { Outcomes } from "../../../local/outcomes";
import { RecordBatch } from "../../../local/record-batch";
import type { PackedDocuments } from "../../../local/rooms";
import { aStream, ManualClock, MemoryIndex } from "../fakes";

describe("the delivery", () => {
  it("tells the ledger where each refused document would have gone, so that it alone can be replayed", async () => {
    const index = new MemoryIndex();
    const clock = new ManualClock();
    const stream = aStream();
    const deliver = new Deliver({
      stream,
      errorOutputPrefix: stream.backup.errorOutputPrefix,
      newCargo: () => new DocumentCargo({ plan: stream.destination, epoch: "e", destination: index, clock }),
      ledger: index,
      clock,
      onSettled: async () => {},
    });
    const texts = ['{"n":1}', "torn", "dropped", '{"n":4}', "{"];
    const ends = texts.map((_, at) => texts.slice(0, at + 1).join("").length);
    const arrivalMs = clock.nowMs();
    const records = new RecordBatch(
      7,
      Float64Array.from(texts, () => arrivalMs),
      Uint32Array.from(ends),
      Buffer.from(texts.join("")),
    );
    const outcomes = Outcomes.of(
      texts.map((text, at) =>
        text === "dropped" ? { kind: "dropped" } : { kind: "ok", data: records.base64(at) },
      ),
    );

    await deliver.accept(
      { records, outcomes, attempts: 1, endMs: arrivalMs, throughSeq: 11 },
      new AbortController().signal,
    );
    await deliver.flush();

    const [entry] = index.entries;
    assert.deepEqual([entry!.indexed, entry!.dropped, entry!.failed], [2, 1, 2]);
    assert.deepEqual(
      entry!.refused,
      [8, 11].map((seq) => ({ seq, arrivalMs, index: "web-2026-03-01-09" })),
    );
  });

  it("keeps the memory of documents as long as their settlement fails, and gives it back then", async () => {
    const index = new MemoryIndex();
    const clock = new ManualClock();
    const stream = aStream();
    let fails = true;
    const deliver = new Deliver({
      stream,
      errorOutputPrefix: stream.backup.errorOutputPrefix,
      newCargo: () => new DocumentCargo({ plan: stream.destination, epoch: "e", destination: index, clock }),
      ledger: { settle: (entry) => (fails ? Promise.reject(new Error("disk")) : index.settle(entry)) },
      clock,
      onSettled: async () => {},
    });
    const body = Buffer.alloc(7, '{"n":1}');
    const records = new RecordBatch(1, Float64Array.of(clock.nowMs()), Uint32Array.of(7), body);
    const outcomes = Outcomes.unchanged(records);
    await deliver.accept(
      { records, outcomes, attempts: 0, endMs: clock.nowMs(), throughSeq: 1 },
      new AbortController().signal,
    );

    await assert.rejects(deliver.flush(), /disk/);
    assert.equal(String(body), '{"n":1}');
    fails = false;
    await deliver.flush();

    assert.equal(body.length, 0);
    assert.equal(index.entries.length, 1);
  });

  it("hands over the documents that there are, where others of the same memory were dropped", async () => {
    const given: PackedDocuments[] = [];
    const clock = new ManualClock();
    const destination = {
      write: () => assert.fail("they are packed"),
      writePacked: async (parts: readonly PackedDocuments[]) => {
        given.push(...parts);
        return [];
      },
    };
    const cargo = new DocumentCargo({ plan: aStream().destination, epoch: "e", destination, clock });
    const body = Buffer.from('{"n":1}\n{"n":2}');
    cargo.add({ seq: 7, arrivalMs: clock.nowMs(), body, start: 0, end: 8, most: 5 });
    cargo.add({ seq: 9, arrivalMs: clock.nowMs(), body, start: 8, end: 15, most: 5 });

    const { delivered } = await cargo.deliver();

    assert.equal(delivered, 2);
    assert.deepEqual(
      given.map(({ seqs, starts, ends }) => [[...seqs], [...starts], [...ends]]),
      [
        [
          [7, 9],
          [0, 8],
          [7, 15],
        ],
      ],
    );
  });
});
