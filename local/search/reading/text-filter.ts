/**
 * A coarse look at the text of a document before it is parsed: what cannot match is left out there, at a tenth of the
 * cost. It may let through what does not match, never the reverse.
 */

import { type Field, ignoredFields } from "../documents/fields";
import { tokenize } from "../documents/tokens";
import type { DocumentText } from "../file/document-texts";
import type { Condition } from "../query/condition";

/** More words cost more than they leave out. */
const maxWords = 8;
const maxPatterns = 8;
/** As long as a token may be. */
const maxUnits = 255;

export type TextFilter = (document: DocumentText) => boolean;

/** Words that follow each other in the text, in small letters; nothing can be told of those beyond ASCII. */
type Pattern = readonly string[];

function pattern(tokens: readonly string[]): Pattern | undefined {
  const words = tokens.slice(0, maxWords).map((token) => token.toLowerCase());
  const isPlain = words.every((word) => word.length <= maxUnits && /^[!-~]+$/.test(word));
  return isPlain && words.length > 0 ? words : undefined;
}

/** What the text of every match is like, or its id is, one or the other; undefined where nothing can be told. */
interface Marks {
  readonly patterns: readonly Pattern[];
  readonly ids: readonly string[];
}

function marks(condition: Condition): Marks | undefined {
  const oneOf = (lists: readonly (readonly string[])[]) => {
    const patterns = lists.map(pattern);
    const isTold = patterns.length > 0 && patterns.every((found) => found !== undefined);
    return isTold ? { patterns, ids: [] } : undefined;
  };
  const one = (tokens: readonly string[]) => oneOf([tokens]);
  // The names of ignored fields are not in the text.
  const isInText = ({ field }: { readonly field: Field }) => field.path !== ignoredFields;
  switch (condition.kind) {
    case "phrase":
      return condition.slop === 0 ? one(condition.tokens) : undefined;
    case "exact":
      return isInText(condition) ? one(tokenize(condition.value)) : undefined;
    case "exactTest":
      return isInText(condition) ? oneOf(condition.hints?.runs ?? []) : undefined;
    case "token":
      return one([condition.token]);
    case "id":
      return { patterns: [], ids: [condition.id] };
    case "any": {
      const all = condition.of.map(marks);
      if (!all.every((each) => each !== undefined)) return undefined;
      return {
        patterns: distinct(all.flatMap((each) => each.patterns)),
        ids: all.flatMap((each) => each.ids),
      };
    }
    case "bool":
      return condition.must.map(marks).find((each) => each !== undefined);
    default:
      return undefined;
  }
}

const distinct = (patterns: readonly Pattern[]): Pattern[] => [
  ...new Map(patterns.map((words) => [words.join(" "), words])).values(),
];

/** Undefined where a look at the text can leave nothing out. */
export function textFilter(condition: Condition): TextFilter | undefined {
  const found = marks(condition);
  if (found === undefined) return undefined;
  const { patterns, ids } = found;
  if (patterns.length + ids.length === 0 || patterns.length + ids.length > maxPatterns) return undefined;
  return ({ id, source }) =>
    ids.includes(id) || (patterns.length > 0 && (isOtherwise.test(source) || hasOneOf(patterns, source)));
}

/** A letter may be written as an escape, and two signs beyond ASCII have a small ASCII letter: İ and the Kelvin sign. */
const isOtherwise = /[\\\u0130\u212a]/;

function hasOneOf(patterns: readonly Pattern[], source: string): boolean {
  const text = source.toLowerCase();
  return patterns.some((words) => {
    let at = 0;
    return words.every((word) => {
      const found = text.indexOf(word, at);
      at = found + word.length;
      return found >= 0;
    });
  });
}
