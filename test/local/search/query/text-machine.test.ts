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
  return state === open ? Boolean(machine.test(text)) : machine.passing[state] === 1;
}

/** Of a text that passes: whether behind each byte no more are said to be needed than come. */
function needsNoMore(machine: TextMachine, text: string): boolean {
  const bytes = Buffer.from(text);
  let state = machine.start;
  return (
    bytes.every((byte, at) => {
      const isEnough = (machine.needed[state] as number) <= bytes.length - at;
      state = (machine.steps[(state << 8) | byte] as number) || machine.learn(state, byte);
      return isEnough;
    }) && machine.needed[state] === 0
  );
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
    if (expected) assert.ok(needsNoMore(machine as TextMachine, value), `${of}: needed for ${value}`);
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

  it("tell how many bytes must follow before a text passes", () => {
    const needed = (machine: TextMachine<never>, text: string) => {
      const read = (state: number, byte: number) =>
        machine.steps[(state << 8) | byte] || machine.learn(state, byte);
      return machine.needed[Buffer.from(text).reduce(read, machine.start)];
    };
    const of = (machine: unknown) =>
      ["", "b", "bx", "ba"].map((text) => needed(machine as TextMachine<never>, text));
    assert.deepEqual(of(patternMachine("*ba?d*")), [4, 3, 4, 2]);
    assert.deepEqual(of(patternMachine("b*")), [1, 0, 0, 0]);
    assert.deepEqual(of(regularExpression(".*(bad|bx+)")), [2, 1, 0, 1]);
    assert.deepEqual(of(nearMachine("bade", 1)), [3, 2, 2, 1]);
    assert.deepEqual(of(patternMachine("a".repeat(300))), [255, 255, 255, 255]);
  });

  it("ask the test itself once there are too many states", () => {
    const machine = new TextMachine<string>(
      {
        start: "",
        after: (read) => `${read}x`,
        passes: () => false,
        bytesNeeded: () => 0,
        nameOf: (read) => String(read.length),
      },
      (value) => value.length === 5000,
    );
    assert.equal(readBytes(machine as TextMachine, "x".repeat(4000)), false);
    assert.equal(readBytes(machine as TextMachine, "x".repeat(5000)), true);
    assert.equal(machine.fits("x".repeat(5000)), true);
    assert.equal(machine.fits("x".repeat(5001)), false);
  });
});
