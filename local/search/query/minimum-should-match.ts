/** How many of several optional clauses must be fulfilled, as `minimum_should_match` says it. */
import { QueryError } from "../../rooms";

/**
 * @param wanted `2`, `-1` (all but one), `75%`, `-25%`, or `3<75%` (all of up to three, else 75 %), several of these
 * with blanks between
 * @throws QueryError
 */
export function neededOf(wanted: string | undefined, clauses: number): number {
  if (wanted === undefined) return 1;
  const text = wanted.trim();
  if (!text.includes("<")) return simple(text, clauses);
  let needed = clauses;
  for (const part of text.replace(/\s*<\s*/g, "<").split(/\s+/)) {
    const [bound = "", value = ""] = part.split("<");
    if (clauses <= whole(bound)) return needed;
    needed = simple(value, clauses);
  }
  return needed;
}

function simple(text: string, clauses: number): number {
  const number = text.endsWith("%") ? Math.trunc((clauses * whole(text.slice(0, -1))) / 100) : whole(text);
  const isNegative = text.startsWith("-");
  return Math.max(0, isNegative ? clauses + number : number);
}

function whole(text: string): number {
  if (!/^[+-]?\d{1,9}$/.test(text))
    throw new QueryError({ message: `failed to create query: For input string: "${text}"` });
  return Number(text);
}
