/** The work of finding tokens, counted in looks at characters: whatever stands in a text, so many per character. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tokenize } from "../../../../local/search/documents/tokens";
import { WordScanner } from "../../../../local/search/documents/word-scanner";
import { numRuns } from "../../../property-runs";

/** Every rule looks at a character once or twice; the sum over all of them is no more than this. */
const looksPerUnit = 16;

/** Members of each class of UAX #29, and of those that Lucene's grammar sets apart. */
const members = [
  ..."aZ19_:.,;'\"#*- ‿é·’٫אצあアー漢〇กำၐ가\u0301\u200d\u200c\u00ad\ufe0f\u20e3😀👍🏽🇳🇱©ℹ㊗〰\u{E0067}\u{E007F}ﾟ\u3099\u202f\u070f\u200bⅧ𐐀",
  "\ud800",
];

function check(text: string): void {
  const scanner = new WordScanner(text);
  scanner.scan(() => {});
  assert.ok(
    scanner.looks <= looksPerUnit * text.length,
    `${scanner.looks} looks for ${text.length} units of ${JSON.stringify(text.slice(0, 20))}`,
  );
}

describe("the scanner of words", () => {
  it("does the same work per character in a text of connectors as in any other", () => {
    check(`${"‿".repeat(20_000)} é`);
    check(`a${"‿".repeat(20_000)} é`);
    check(`1${"_\u0301".repeat(10_000)}é`);
  });

  it("does no more work per character however classes of characters follow each other", () => {
    const pattern = fc.array(fc.constantFrom(...members), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(pattern, fc.integer({ min: 50, max: 400 }), pattern, (once, times, end) =>
        check(once.join("").repeat(times) + end.join("")),
      ),
      numRuns(150),
    );
  });

  it("finds in ASCII what the quick path finds", () => {
    const ascii = fc.string({ unit: fc.constantFrom(..."aZ19_:.,;'- \"") });
    fc.assert(
      fc.property(ascii, (text) => {
        const found: string[] = [];
        new WordScanner(text).scan((start, end) => found.push(text.slice(start, end).toLowerCase()));
        assert.deepEqual(found, tokenize(text));
      }),
      numRuns(500),
    );
  });
});
