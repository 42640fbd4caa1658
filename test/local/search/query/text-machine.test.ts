/** A test read byte by byte says what the test says of the whole text. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { nearMachine, withinEdits } from "../../../../local/search/query/edit-distance";
import { patternMachine } from "../../../../local/search/query/patterns";
import { regularExpression } from "../../../../local/search/query/regular-expression";
import { none, open, TextMachine } from "../../../../local/search/query/text-machine";

/** As whoever reads tokens does it: bytes, and the test where they do not tell. */
function readBytes(machine: TextMachine, text: string): boolean {
  let state = machine.start;
  for (const byte of Buffer.from(text)) {
    state = (machine.steps[(state << 8) | byte] as number) || machine.learn(state, byte);
    if (state === none) return false;
  }
  return state === open ? machine.test(text) : machine.passing[state] === 1;
}

const text = fc
  .array(fc.constantFrom(..."a b ab ba aab 9 - é 日 😀".split(" ")), { maxLength: 8 })
  .map((parts) => parts.join(""));
const pattern = fc
  .array(fc.constantFrom(..."a b ab ba 9 - é ? * *".split(" ")), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(""));
const term = fc.array(fc.constantFrom("a", "b", "9", "é"), { minLength: 1, maxLength: 5 });
const expression = fc
  .array(fc.constantFrom(..."a b [ab]+ (ab|ba) . .* 9? b{1,2} [^a] é".split(" ")), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(""));
/** JavaScript's own say the same of these. */
const asRegExp = (expressionText: string): RegExp => new RegExp(`^(?:${expressionText})$`, "su");
const patternAsRegExp = (wanted: string): RegExp =>
  asRegExp(wanted.replaceAll("?", ".").replaceAll("*", ".*"));

describe("machines of texts", () => {
  const agree = (machine: TextMachine<never>, expected: boolean, value: string, of: string) => {
    assert.equal(readBytes(machine as TextMachine, value), expected, `${of}: bytes of ${value}`);
    assert.equal(machine.fits(value), expected, `${of}: ${value}`);
  };

  it("fit a pattern as its characters do, whatever comes beyond ASCII", () => {
    fc.assert(
      fc.property(pattern, fc.array(text, { maxLength: 20 }), (wanted, values) => {
        const machine = patternMachine(wanted);
        for (const value of values)
          agree(machine as TextMachine<never>, patternAsRegExp(wanted).test(value), value, wanted);
      }),
      { numRuns: 300 },
    );
  });

  it("fit a regular expression as JavaScript's own does", () => {
    fc.assert(
      fc.property(expression, fc.array(text, { maxLength: 20 }), (wanted, values) => {
        const machine = regularExpression(wanted);
        for (const value of values)
          agree(machine as TextMachine<never>, asRegExp(wanted).test(value), value, wanted);
      }),
      { numRuns: 300 },
    );
  });

  it("fit what is so many edits away from a term, and nothing else", () => {
    fc.assert(
      fc.property(term, fc.nat(2), fc.array(text, { maxLength: 20 }), (parts, edits, values) => {
        const wanted = parts.join("");
        const machine = nearMachine(wanted, edits);
        const isNear = withinEdits(wanted, edits);
        for (const value of values)
          agree(machine as TextMachine<never>, isNear(value), value, `${wanted}~${edits}`);
      }),
      { numRuns: 300 },
    );
  });

  it("ask the test itself once there are too many states", () => {
    const machine = new TextMachine<string>(
      { start: "", after: (read) => `${read}x`, passes: () => false, nameOf: (read) => String(read.length) },
      (value) => value.length === 5000,
    );
    assert.equal(readBytes(machine as TextMachine, "x".repeat(4000)), false);
    assert.equal(readBytes(machine as TextMachine, "x".repeat(5000)), true);
    assert.equal(machine.fits("x".repeat(5000)), true);
    assert.equal(machine.fits("x".repeat(5001)), false);
  });
});
