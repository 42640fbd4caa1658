import assert from "node:assert/strict";
import { FrequentWords, pairToken, repeatedToken } from "../../../../local/search/documents/frequent-words";

const filled = (count: number, inAll = { words: 0 }): FrequentWords => {
  const words = new FrequentWords();
  for (let at = 0; at < count; at++) words.add(`word ${at}`, at < 10 ? 5 : 7, inAll);
  return words;
};

describe("frequent words", () => {
  it("are read as they were written, in the order of their numbers", () => {
    const words = filled(40);

    assert.deepEqual([...FrequentWords.restore(words.store()).entries()], [...words.entries()]);
    assert.deepEqual(words.of("word 37"), { number: 37, since: 7 });
    assert.equal(words.store().length, 2);
  });

  it("are so many of a field and of an index, and no more", () => {
    assert.equal(filled(1100).size, 1000);
    assert.equal(filled(1100, { words: 3500 }).size, 500);
  });

  it("have tokens of their own for each pair and each repetition", () => {
    const words = [...filled(1000).entries()].map(([, word]) => word);
    const some = [words[0], words[35], words[36], words[999]].map((word) => word ?? assert.fail());
    const tokens = some.flatMap((one) => some.map((other) => pairToken("1", one, other)));

    assert.ok(tokens.includes("1+00rr"));
    assert.equal(new Set([...tokens, ...some.map((word) => repeatedToken("1", word))]).size, 20);
  });
});
