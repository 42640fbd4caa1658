import assert from "node:assert/strict";
import { Block, type BlockDocument, packBlock } from "../../../../local/search/file/document-blocks";

const documentsOf = (seqs: readonly number[], change: Partial<BlockDocument> = {}): BlockDocument[] =>
  seqs.map((seq) => ({
    seq,
    id: `e.${seq}`,
    source: `{"m":"bye ${seq} é"}`,
    arrivalMs: undefined,
    ...change,
  }));

describe("a block of documents", () => {
  it("gives each document back, by its number", () => {
    const block = new Block(packBlock(documentsOf([7, 8, 9])));
    assert.deepEqual([6, 7, 9, 10].map((seq) => block.placeOf(seq)).slice(1), [0, 2, -1]);
    assert.equal(block.idAt(2), "e.9");
    assert.equal(block.sourceAt(2), '{"m":"bye 9 é"}');
  });

  it("keeps numbers with gaps, ids of any kind and arrivals", () => {
    const documents = [
      ...documentsOf([3, 9], { arrivalMs: 1_795_939_689_470 }),
      ...documentsOf([11], { id: 'a "name",\nin lines' }),
      ...documentsOf([12, 400]),
    ];
    const block = new Block(packBlock(documents));
    assert.deepEqual(block.documents(), documents);
    assert.deepEqual(
      [10, 11, 400].map((seq) => block.placeOf(seq)),
      [-1, 2, 4],
    );
  });

  it("says so where a byte of a document has changed", () => {
    const { body, ...row } = packBlock(documentsOf([1, 2, 3]));
    // Before these, where the frame describes itself, a bit may be without a meaning.
    for (let at = 6; at < body.length; at++) {
      const changed = Uint8Array.from(body);
      changed[at] = (changed[at] as number) ^ 0x10;
      assert.throws(() => new Block({ ...row, body: changed }), /malformed/, `byte ${at}`);
    }
    assert.throws(() => new Block({ ...row, last_seq: 4, body }), /malformed/);
  });
});
