import { strict as assert } from "node:assert";
import { writeButBlank } from "../../../local/deliver/blank-documents";
import type { IndexDocument, Refusal } from "../../../local/rooms";

const documents = (...sources: string[]): IndexDocument[] =>
  sources.map((source, i) => ({ seq: i + 1, id: `e.${i + 1}`, index: "web", arrivalMs: 7, source }));

const refusal = (position: number): Refusal => ({
  position,
  status: 400,
  type: "mapper_parsing_exception",
  reason: "other",
  attempts: 1,
});

describe("documents of which nothing is there", () => {
  it("are refused alone, and the places of the others' refusals are those among all", async () => {
    const written: string[] = [];
    const destination = {
      write: (some: readonly IndexDocument[]) => {
        written.push(...some.map(({ source }) => source));
        return Promise.resolve([refusal(0), refusal(2)]);
      },
    };
    const refused = await writeButBlank(destination, documents("", "a", " \t", "b", "\n", "c", "\u2003"));
    assert.deepEqual(written, ["a", "b", "c"]);
    assert.deepEqual(
      refused.map(({ position, reason }) => [position, /empty/.test(reason)]),
      [
        [0, true],
        [1, false],
        [2, true],
        [4, true],
        [5, false],
        [6, true],
      ],
    );
  });

  it("are not written where there are no others", async () => {
    const destination = { write: () => assert.fail("nothing is to be written") };
    assert.equal((await writeButBlank(destination, documents("", " "))).length, 2);
  });
});
