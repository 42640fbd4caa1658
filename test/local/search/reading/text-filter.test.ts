/** A coarse look at the text of a document leaves out what its letters rule out, and nothing else. */
import assert from "node:assert/strict";
import type { Field } from "../../../../local/search/documents/fields";
import type { Condition } from "../../../../local/search/query/condition";
import { patternTest } from "../../../../local/search/query/patterns";
import { textFilter } from "../../../../local/search/reading/text-filter";

const looksLike = (path: string, pattern: string, source: string): boolean | undefined => {
  const field = { path } as Field;
  const condition: Condition = { kind: "exactTest", field, ...patternTest(pattern) };
  return textFilter(condition)?.({ id: "1", source });
};

describe("a look at the text", () => {
  it("leaves out documents in which the letters of a pattern do not stand in its order", () => {
    const filter = (source: string) => looksLike("k", "*De?d*beef*", source);
    assert.deepEqual(
      ['{"k":"xDead beef"}', '{"k":"beef dead"}', '{"k":"de"}', '{"k":"D\\u0065ad b"}'].map(filter),
      [true, false, false, true],
    );
  });

  it("leaves none out where a pattern has no letters, or where the value is not in the text", () => {
    assert.equal(looksLike("k", "*-?", '{"k":"x"}'), undefined);
    assert.equal(looksLike("_ignored", "*bytes*", '{"k":"x"}'), undefined);
  });
});
