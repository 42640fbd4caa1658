import assert from "node:assert/strict";
import { FIELD_FACTS } from "./query-facts-fields";
import { SYNTAX_FACTS } from "./query-facts-syntax";
import { VALUE_FACTS } from "./query-facts-values";
import { smallIndex } from "./small-index";

for (const [name, facts] of [
  ["query syntax", SYNTAX_FACTS],
  ["numbers, strings and dates in queries", VALUE_FACTS],
  ["fields and errors in queries", FIELD_FACTS],
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
