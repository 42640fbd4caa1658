/** What the beginnings of whole values tell of a test: who passes for certain, and who may. */
import { beginningBytes, longUnits } from "../documents/value-list";
import type { TokenTest } from "../file/token-segments";
import type { TextHints } from "../query/condition";
import type { OfBeginning } from "../query/string-range";

const zero = 48;
const letterA = 97;

interface BeginningTests {
  /** Of beginnings, one of whose values may pass. */
  readonly mayPass: TokenTest;
  /** Of those all of whose values pass. */
  readonly allPass: TokenTest;
}

export function beginningTests(test: (value: string) => boolean, hints: TextHints): BeginningTests {
  const { leastCharacters = 0, mostUnits = Number.POSITIVE_INFINITY, ofBeginning = () => "some" } = hints;
  const known = new Map<number, OfBeginning>();
  const told: (...token: Parameters<TokenTest>) => OfBeginning = (bytes, begin, end) => {
    // Nothing of a shorter one is missing.
    if (end - begin <= 2 * beginningBytes)
      return test(Buffer.from(bytes.toString("latin1", begin, end - 1), "hex").toString()) ? "all" : "none";
    const units = digit(bytes[end - 1] as number);
    if (units > mostUnits || (units < longUnits && units < leastCharacters)) return "none";
    let number = 0;
    for (let at = begin; at < end - 1; at++) number = number * 16 + digit(bytes[at] as number);
    const before = known.get(number);
    if (before !== undefined) return before;
    const beginning = Buffer.alloc(beginningBytes);
    beginning.writeUIntBE(number, 0, beginningBytes);
    const now = ofBeginning(beginning);
    known.set(number, now);
    return now;
  };
  return {
    mayPass: (...token) => told(...token) !== "none",
    allPass: (...token) => told(...token) === "all",
  };
}

/** Of a digit in base 36. */
const digit = (code: number): number => (code < letterA ? code - zero : code - letterA + 10);
