import { strict as assert } from "node:assert";
import fc from "fast-check";
import { namesMatcher, patternMatcher } from "../../local/name-pattern";

describe("a pattern of names", () => {
  for (const [pattern, matching, others] of [
    ["web", ["web"], ["", "we", "webs", "Web"]],
    ["*", ["", "web"], []],
    ["web-*", ["web-", "web-2026"], ["web", "aweb-1"]],
    ["*-01", ["-01", "web-01"], ["web-011", "01"]],
    ["a*a", ["aa", "aba"], ["a", "ab"]],
    ["a*b*c", ["abc", "axbyc", "abbcc"], ["ac", "acb"]],
    ["*.+(*", [".+(", "x.+(y"], ["x+("]],
    ["a**b", ["ab", "axb"], ["a"]],
  ] as const) {
    it(`${pattern} matches ${matching.map((name) => JSON.stringify(name)).join(", ")} alone`, () => {
      const matches = patternMatcher(pattern);
      assert.deepEqual(
        matching.filter((name) => !matches(name)),
        [],
      );
      assert.deepEqual(
        others.filter((name) => matches(name)),
        [],
      );
    });
  }

  it("is one of several in a list", () => {
    const matches = namesMatcher("web-*,api-2026");
    assert.deepEqual(["web-1", "api-2026", "api-2027", ""].map(matches), [true, true, false, false]);
  });

  it("answers as a regular expression does, whatever pattern and name are", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 }), (pattern, name) => {
        const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "s").test(name);
        assert.equal(patternMatcher(pattern)(name), expected);
      }),
    );
  });

  it("asks a name for each piece once, however many stars there are", () => {
    let searches = 0;
    const name = {
      length: 200,
      startsWith: () => true,
      endsWith: () => true,
      indexOf: (_piece: string, from: number) => {
        searches += 1;
        return from < 150 ? from + 1 : -1;
      },
    } as unknown as string;
    assert.equal(patternMatcher(`${"*a".repeat(500)}*x`)(name), false);
    assert.ok(searches <= 501, String(searches));
    assert.equal(patternMatcher(`${"*".repeat(100_000)}x`)("a".repeat(255)), false);
  });
});
