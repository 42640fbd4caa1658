import assert from "node:assert/strict";
import { replayDocuments } from "../../local/replay-documents";
import type { FailedDocument, IndexDocument } from "../../local/rooms";

const failed = (changes: Partial<FailedDocument> = {}): FailedDocument => ({
  id: "0a1b2c.7",
  index: "example-2026-11-25-12",
  arrivalMs: Date.UTC(2026, 10, 25, 12, 30),
  source: "{}",
  ...changes,
});

describe("replayDocuments", () => {
  async function replay(documents: readonly FailedDocument[]) {
    const taken: IndexDocument[] = [];
    const outcomes = await replayDocuments(
      {
        epoch: "0a1b2c",
        indexName: "example",
        index: {
          totals: () => ({ throughSeq: 7, indexed: 0, dropped: 0, failed: 7 }),
          replay: async (given) => {
            taken.push(...given);
            return given.map(() => "indexed");
          },
        },
      },
      documents,
    );
    return { outcomes, seqs: taken.map(({ seq }) => seq) };
  }

  it("hands on the failed records of this data folder, and answers for each in order", async () => {
    const { outcomes, seqs } = await replay([
      failed(),
      failed({ id: "other.1" }),
      failed({ id: "0a1b2c.3" }),
    ]);

    assert.deepEqual(outcomes, [
      "indexed",
      { refused: "document other.1 is of another data folder or of AWS" },
      "indexed",
    ]);
    assert.deepEqual(seqs, [7, 3]);
  });

  for (const index of [
    "example",
    "example-2026-11-25-12",
    "example-2026-11-25",
    "example-2026-w48",
    "example-2026-11",
  ]) {
    it(`takes the index ${index}, whatever the rotation is by now`, async () => {
      assert.deepEqual((await replay([failed({ index })])).outcomes, ["indexed"]);
    });
  }

  for (const [changes, refused] of [
    [{ id: "0a1b2c.8" }, "document 0a1b2c.8 is not delivered yet"],
    [{ id: "0a1b2c.0" }, "document 0a1b2c.0 is of another data folder or of AWS"],
    [{ id: "0a1b2c.1e1" }, "document 0a1b2c.1e1 is of another data folder or of AWS"],
    [{ id: "ffffff.1" }, "document ffffff.1 is of another data folder or of AWS"],
    [{ id: "" }, "document  is of another data folder or of AWS"],
    [{ index: "examples" }, "index examples is none of this stream for a record of that time"],
    [{ index: "" }, "index  is none of this stream for a record of that time"],
    [
      { index: "example-2026-11-25-13" },
      "index example-2026-11-25-13 is none of this stream for a record of that time",
    ],
    [{ index: "example-*" }, "index example-* is none of this stream for a record of that time"],
    [{ arrivalMs: -1 }, "document 0a1b2c.7 cannot have arrived at -1"],
    [{ arrivalMs: 0 }, "document 0a1b2c.7 cannot have arrived at 0"],
    [{ arrivalMs: Number.MAX_SAFE_INTEGER }, `document 0a1b2c.7 cannot have arrived at ${2 ** 53 - 1}`],
    [{ arrivalMs: 8.64e15 + 1 }, `document 0a1b2c.7 cannot have arrived at ${8.64e15 + 1}`],
  ] as const) {
    it(`refuses ${JSON.stringify(changes)}`, async () => {
      assert.deepEqual(await replay([failed(changes)]), { outcomes: [{ refused }], seqs: [] });
    });
  }
});
