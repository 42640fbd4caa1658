import assert from "node:assert/strict";
import { ExactNumber, parseJson } from "../../local/exact-json";

describe("JSON with the digits of its numbers", () => {
  it("keeps those that JavaScript would write otherwise, and makes numbers of all others", () => {
    const kept = ["-0", "1.0", "1.10", "9007199254740993", "1e3", "-0.0"];
    const plain = ["0", "-7", "0.5", "-0.25", "10", "100.01"];
    const read = parseJson(`[${[...kept, ...plain].join(", ")}]`);
    assert.deepEqual(read, [...kept.map((text) => new ExactNumber(text)), ...plain.map(Number)]);
    for (const text of kept) assert.deepEqual(parseJson(`{"n":${text}}`), { n: new ExactNumber(text) }, text);
  });
});
