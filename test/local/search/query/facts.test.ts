import assert from "node:assert/strict";
import { smallIndex } from "../small-index";
import { allFieldFacts } from "./facts-fields";
import { syntaxFacts } from "./facts-syntax";
import { valueFacts } from "./facts-values";

for (const [name, facts] of [
  ["query syntax", syntaxFacts],
  ["numbers, strings and dates in queries", valueFacts],
  ["fields and errors in queries", allFieldFacts],
] as const) {
  describe(name, () => {
    for (const { title, documents, answers } of facts) {
      it(title, () => {
        const index = smallIndex(documents);

        const found = Object.keys(answers).map((query) => [query, index.find(query)]);

        assert.deepEqual(Object.fromEntries(found), answers);
      });
    }
  });
}
