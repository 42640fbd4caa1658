/** What the beginnings of whole values tell of a test: who passes for certain, and who may. */
import { beginningBytes, longUnits } from "../documents/value-list";
import type { TokenTest } from "../file/token-segments";
import type { TextHints } from "../query/condition";
import type { OfBeginning } from "../query/string-range";

interface BeginningTests {
  /** Of beginnings, one of whose values may pass. */
  readonly mayPass: TokenTest;
  /** Of those all of whose values pass. */
  readonly allPass: TokenTest;
}

export function beginningTests(test: (value: string) => boolean, hints: TextHints): BeginningTests {
  const known = new Map<string, OfBeginning>();
  const told: (...token: Parameters<TokenTest>) => OfBeginning = (bytes, begin, end) => {
    const text = bytes.toString("latin1", begin, end);
    const before = known.get(text);
    if (before !== undefined) return before;
    const now = ofBeginning(text, test, hints);
    known.set(text, now);
    return now;
  };
  return {
    mayPass: (...token) => told(...token) !== "none",
    allPass: (...token) => told(...token) === "all",
  };
}

function ofBeginning(text: string, test: (value: string) => boolean, hints: TextHints): OfBeginning {
  const bytes = Buffer.from(text.slice(0, -1), "hex");
  // Nothing of it is missing.
  if (bytes.length < beginningBytes) return test(bytes.toString()) ? "all" : "none";
  const { leastCharacters = 0, mostUnits = Number.POSITIVE_INFINITY } = hints;
  const units = Number.parseInt(text.slice(-1), longUnits + 1);
  if (units > mostUnits || (units < longUnits && units < leastCharacters)) return "none";
  return hints.ofBeginning?.(bytes) ?? "some";
}
