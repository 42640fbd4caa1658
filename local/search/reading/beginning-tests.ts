/** What the beginnings of whole values tell of a test: who passes for certain, and who may. */
import { beginningBytes, longUnits } from "../documents/value-list";
import type { TokenTest } from "../file/token-segments";
import type { TextHints } from "../query/condition";
import type { OfBeginning } from "../query/string-range";

const hexDigits = 2 * beginningBytes;
/** Of each character its value as a digit in base 36. */
const digits = new Uint8Array(256);
for (let value = 0; value < 36; value++) digits[value.toString(36).charCodeAt(0)] = value;

interface BeginningTests {
  /** Of beginnings, all of whose values pass. */
  readonly allPass: TokenTest;
  /** Of those, some of whose values may pass and others not. */
  readonly somePass: TokenTest;
}

export function beginningTests(test: (value: string) => boolean, hints: TextHints): BeginningTests {
  const { leastCharacters = 0, mostUnits = Number.POSITIVE_INFINITY, ofBeginning = () => "some" } = hints;
  const told: (...token: Parameters<TokenTest>) => OfBeginning = (bytes, begin, end) => {
    // Nothing of a shorter one is missing.
    if (end - begin <= hexDigits)
      return test(Buffer.from(bytes.toString("latin1", begin, end - 1), "hex").toString()) ? "all" : "none";
    const units = digits[bytes[end - 1] as number] as number;
    if (units > mostUnits || (units < longUnits && units < leastCharacters)) return "none";
    let beginning = 0;
    for (let at = begin; at < end - 1; at++)
      beginning = beginning * 16 + (digits[bytes[at] as number] as number);
    return ofBeginning(beginning);
  };
  return {
    allPass: (bytes, begin, end) => told(bytes, begin, end) === "all",
    somePass: (bytes, begin, end) => told(bytes, begin, end) === "some",
  };
}
