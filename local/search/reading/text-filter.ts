/**
 * A coarse look at the text of a document in SQL, before it is parsed: what cannot match is left out there, at a
 * tenth of the cost. It may let through what does not match, never the reverse.
 */

import { tokenize } from "../documents/tokens";
import type { Condition } from "../query/condition";

/** More words make LIKE slower than they leave out. */
const maxWords = 8;
const maxPatterns = 8;
/** As long as a token may be; SQLite refuses patterns of 50,000 bytes. */
const maxUnits = 255;

export interface TextFilter {
  readonly sql: string;
  readonly values: readonly string[];
}

/** LIKE knows no case of ASCII letters, as tokens do not; of `_` it makes any character, which only lets more through. */
function pattern(tokens: readonly string[]): string | undefined {
  const words = tokens.slice(0, maxWords);
  const isPlain = words.every((word) => word.length <= maxUnits && /^[!-~]+$/.test(word));
  return isPlain && words.length > 0 ? `%${words.join("%")}%` : undefined;
}

/** Patterns of which the text of every match has one; undefined where none can be told. */
function patterns(condition: Condition): string[] | undefined {
  const one = (tokens: readonly string[]) => {
    const found = pattern(tokens);
    return found === undefined ? undefined : [found];
  };
  switch (condition.kind) {
    case "phrase":
      return condition.slop === 0 ? one(condition.tokens) : undefined;
    case "exact":
      return one(tokenize(condition.value));
    case "token":
      return one([condition.token]);
    case "any": {
      const all = condition.of.map(patterns);
      return all.every((list) => list !== undefined) ? [...new Set(all.flat())] : undefined;
    }
    case "bool":
      return condition.must.map(patterns).find((list) => list !== undefined);
    default:
      return undefined;
  }
}

/** For the text in `column`; undefined where a look at the text can leave nothing out. */
export function textFilter(condition: Condition, column: string): TextFilter | undefined {
  const found = patterns(condition);
  if (found === undefined || found.length === 0 || found.length > maxPatterns) return undefined;
  // A letter may be written as an escape, and two signs beyond ASCII have a small ASCII letter: İ and the Kelvin sign.
  const otherwise = ["\\", "\u0130", "\u212a"];
  return {
    sql: `(${found.map(() => `${column} LIKE ?`).join(" OR ")} OR ${otherwise.map(() => `instr(${column}, ?)`).join(" OR ")})`,
    values: [...found, ...otherwise],
  };
}
