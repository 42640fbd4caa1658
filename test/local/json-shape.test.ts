import { strict as assert } from "node:assert";
import fc from "fast-check";
import { JsonShape } from "../../local/json-shape";

const bounds = { maxDepth: 3, maxValues: 6 };

/** What is said of a text that comes in chunks of these sizes. */
function look(text: string, step = text.length): string | undefined {
  const shape = new JsonShape(bounds);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += Math.max(1, step)) {
    const wrong = shape.add(bytes.subarray(at, at + Math.max(1, step)));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

describe("the shape of JSON that arrives", () => {
  for (const text of [
    '{"a":[{}]}',
    "[1,2,3,4]",
    '"[[[[[[[["',
    '"\\"[[[[[["',
    '"\\\\"',
    '["\\\\\\"[[[[,,,,,,,"]',
    "[[],[]]",
  ]) {
    it(`is within its bounds: ${text}`, () => {
      for (let step = 1; step <= text.length; step++) assert.equal(look(text, step), undefined);
    });
  }

  for (const [text, wrong] of [
    ["[[[[", /deeper than 3/],
    ['{"a":{"b":[{', /deeper than 3/],
    ['"\\\\"[[[[', /deeper than 3/],
    ["[1,2,3,4,5,6,7]", /more than 6 values/],
    ["[[],[],[],[],[]]", /more than 6 values/],
    ['["[",["],[",[["', /deeper than 3/],
  ] as const) {
    it(`is beyond them, however it is cut: ${text}`, () => {
      for (let step = 1; step <= text.length; step++) assert.match(look(text, step) ?? "", wrong);
    });
  }

  it("has the depth that a parser finds, for any value", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 1, max: 20 }), (value, step) => {
        const shape = new JsonShape({ maxDepth: 3, maxValues: Number.MAX_SAFE_INTEGER });
        const bytes = Buffer.from(JSON.stringify(value));
        let wrong: string | undefined;
        for (let at = 0; at < bytes.length && wrong === undefined; at += step)
          wrong = shape.add(bytes.subarray(at, at + step));
        assert.equal(wrong !== undefined, depthOf(value) > 3);
      }),
    );
  });
});
