/** Whether a document fulfils a condition, judged by the document itself. */
import type { DocumentView } from "../documents/view";
import type { Condition } from "./condition";
import { stringRange } from "./string-range";

/** Positions between two values of one field, as `position_increment_gap`. */
const valueGap = 100;

export function matches(condition: Condition, document: DocumentView): boolean {
  switch (condition.kind) {
    case "all":
      return true;
    case "none":
      return false;
    case "any":
      return condition.of.some((part) => matches(part, document));
    case "atLeast":
      return condition.of.filter((part) => matches(part, document)).length >= condition.count;
    case "bool":
      return (
        condition.must.every((part) => matches(part, document)) &&
        !condition.not.some((part) => matches(part, document)) &&
        (condition.must.length > 0 || condition.should.some((part) => matches(part, document)))
      );
    case "token":
      return document.tokens(condition.field).some((tokens) => tokens.includes(condition.token));
    case "prefix":
      return document
        .tokens(condition.field)
        .some((tokens) => tokens.some((token) => token.startsWith(condition.prefix)));
    case "tokens":
      return document
        .tokens(condition.field)
        .some((tokens) => tokens.some((token) => condition.machine.fits(token)));
    case "tokenRange":
      return document.tokens(condition.field).some((tokens) => tokens.some(stringRange(condition.bounds)));
    case "phrase":
      return hasPhrase(document.tokens(condition.field), condition.tokens, condition.slop);
    case "exact":
      return document.keywords(condition.field).includes(condition.value);
    case "exactTest":
      return document.keywords(condition.field).some(condition.test);
    case "number":
      return document
        .numbers(condition.field)
        .some((value) => isInRange(value, condition.low, condition.high));
    case "address":
      return document
        .addresses(condition.field)
        .some((address) => address >= condition.range.low && address <= condition.range.high);
    case "id":
      return document.id === condition.id;
    case "flag":
      return document.flags(condition.field).includes(condition.value);
    case "time":
      return document.timestamps().some((ms) => ms >= condition.lowMs && ms <= condition.highMs);
    case "exists":
      return document.exists(condition.field, condition.keyword);
  }
}

/** As Lucene orders numbers: -0 is less than 0. */
export function isInRange(value: bigint | number, low: bigint | number, high: bigint | number): boolean {
  if (value < low || value > high) return false;
  if (Object.is(value, -0)) return value > low || Object.is(low, -0);
  return value < high || !Object.is(value, 0) || !Object.is(high, -0);
}

/** Whether the tokens stand in this order, or within `slop` moves of it. */
export function hasPhrase(values: readonly string[][], phrase: readonly string[], slop: number): boolean {
  if (slop === 0) return values.some((tokens) => hasRun(tokens, phrase));
  const positions = phrase.map((): number[] => []);
  let base = 0;
  for (const tokens of values) {
    for (const [at, token] of tokens.entries()) {
      for (const [place, wanted] of phrase.entries())
        if (wanted === token) positions[place]?.push(base + at - place);
    }
    base += tokens.length + valueGap;
  }
  if (positions.some((list) => list.length === 0)) return false;
  return withinSlop(positions, slop);
}

/** Without slop a phrase is a run of tokens of one value: the gap to the next one is wider than a step. */
function hasRun(tokens: readonly string[], phrase: readonly string[]): boolean {
  for (let start = 0; start + phrase.length <= tokens.length; start++) {
    let length = 0;
    while (length < phrase.length && tokens[start + length] === phrase[length]) length++;
    if (length === phrase.length) return true;
  }
  return false;
}

/** Whether one shifted position of each list can be had so that they are at most `slop` apart, no place taken twice. */
function withinSlop(positions: readonly number[][], slop: number): boolean {
  const starts = [...new Set(positions.flat())].sort((a, b) => a - b);
  return starts.some((low) => {
    const taken = new Set<number>();
    const place = (index: number): boolean => {
      if (index === positions.length) return true;
      return (positions[index] as number[]).some((shifted) => {
        if (shifted < low || shifted > low + slop || taken.has(shifted + index)) return false;
        taken.add(shifted + index);
        const found = place(index + 1);
        taken.delete(shifted + index);
        return found;
      });
    };
    return place(0);
  });
}
