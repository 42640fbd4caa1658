/**
 * A coarse look at the text of a document in SQL, before it is parsed: what cannot match is left out there, at a
 * tenth of the cost. It may let through what does not match, never the reverse.
 */

import { ignoredFields } from "../documents/fields";
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

/** What the text of every match is like, or its id is, one or the other; undefined where nothing can be told. */
interface Marks {
  readonly patterns: readonly string[];
  readonly ids: readonly string[];
}

function marks(condition: Condition): Marks | undefined {
  const one = (tokens: readonly string[]) => {
    const found = pattern(tokens);
    return found === undefined ? undefined : { patterns: [found], ids: [] };
  };
  switch (condition.kind) {
    case "phrase":
      return condition.slop === 0 ? one(condition.tokens) : undefined;
    case "exact":
      // The names of ignored fields are not in the text.
      return condition.field.path === ignoredFields ? undefined : one(tokenize(condition.value));
    case "token":
      return one([condition.token]);
    case "id":
      return { patterns: [], ids: [condition.id] };
    case "any": {
      const all = condition.of.map(marks);
      if (!all.every((each) => each !== undefined)) return undefined;
      return {
        patterns: [...new Set(all.flatMap((each) => each.patterns))],
        ids: all.flatMap((each) => each.ids),
      };
    }
    case "bool":
      return condition.must.map(marks).find((each) => each !== undefined);
    default:
      return undefined;
  }
}

/** For the documents `d`; undefined where a look at the text can leave nothing out. */
export function textFilter(condition: Condition): TextFilter | undefined {
  const found = marks(condition);
  if (found === undefined) return undefined;
  const { patterns, ids } = found;
  if (patterns.length + ids.length === 0 || patterns.length + ids.length > maxPatterns) return undefined;
  // A letter may be written as an escape, and two signs beyond ASCII have a small ASCII letter: İ and the Kelvin sign.
  const otherwise = patterns.length === 0 ? [] : ["\\", "\u0130", "\u212a"];
  const tests = [
    ...ids.map(() => "d.id = ?"),
    ...patterns.map(() => "d.source LIKE ?"),
    ...otherwise.map(() => "instr(d.source, ?)"),
  ];
  return { sql: `(${tests.join(" OR ")})`, values: [...ids, ...patterns, ...otherwise] };
}
