/**
 * What patterns for whole values tell of their words: each value that fits has a word, in small letters, that fits one
 * of some others. A word is never cut between letters and digits of ASCII; a character that may be any may cut it, or not.
 */
import type { Pattern, PatternPart } from "./pattern-parts";

/** Characters that may be any, on one side of a run of letters; behind the last of them a word may go on as it likes. */
const mostOpen = 2;

/** A part of a piece, as words see it: a letter or digit as it is in small letters, one that cuts, one that may. */
type Sign = { readonly char: string } | "cut" | "one";

/** What stands between two stars. */
interface Piece {
  readonly signs: readonly Sign[];
  /** Whether a value that fits begins with it. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Letters and digits in a row, within a piece. */
interface Run {
  readonly piece: Piece;
  readonly begin: number;
  readonly end: number;
}

function signOf(part: Exclude<PatternPart, "many">): Sign {
  if (part === "one") return part;
  if (/[A-Za-z0-9]/.test(part.char)) return { char: part.char.toLowerCase() };
  // Others of ASCII may join, as in 1.5, it's, and a_b; a quotation mark joins two letters that are Hebrew.
  return /[ !#$%&()*+\-/<=>?@[\\\]^`{|}~]/.test(part.char) ? "cut" : "one";
}

function piecesOf(pattern: Pattern): Piece[] {
  const pieces: Sign[][] = [[]];
  for (const part of pattern) {
    if (part === "many") pieces.push([]);
    else pieces.at(-1)?.push(signOf(part));
  }
  return pieces.map((signs, at) => ({ signs, isFirst: at === 0, isLast: at === pieces.length - 1 }));
}

const isLetter = (sign: Sign | undefined): sign is { readonly char: string } => typeof sign === "object";

function runsOf(piece: Piece): Run[] {
  const runs: Run[] = [];
  const { signs } = piece;
  for (let begin = 0; begin < signs.length; begin++) {
    if (!isLetter(signs[begin])) continue;
    let end = begin;
    while (isLetter(signs[end])) end++;
    runs.push({ piece, begin, end });
    begin = end;
  }
  return runs;
}

/** What of a word may stand beside a run: outwards, step by step. */
function beside(signs: readonly Sign[], isEnd: boolean): Pattern[] {
  const ways: Pattern[] = [];
  const way: PatternPart[] = [];
  let open = 0;
  for (const [at, sign] of signs.entries()) {
    if (sign === "cut") return [...ways, way];
    // The word may end in front of what may be any, and behind two of them: _ is joined with ア, which is not with b.
    if (sign === "one" || (open > 1 && signs[at - 1] === "one")) ways.push([...way]);
    if (sign === "one" && ++open > mostOpen) return [...ways, [...way, "many"]];
    way.push(sign);
  }
  return [...ways, isEnd ? way : [...way, "many"]];
}

function patternsOf({ piece, begin, end }: Run): Pattern[] {
  const { signs, isFirst, isLast } = piece;
  const before = beside(signs.slice(0, begin).reverse(), isFirst).map((way) => way.toReversed());
  const behind = beside(signs.slice(end), isLast);
  const run = signs.slice(begin, end).filter(isLetter);
  return before.flatMap((left) => behind.map((right) => [...left, ...run, ...right]));
}

/** Letters of all that a word must have; an end that is told leaves about as much out as half a letter. */
function weight({ piece: { signs, isFirst, isLast }, begin, end }: Run): number {
  const isBegun = begin === 0 ? isFirst : signs[begin - 1] === "cut";
  const isEnded = end === signs.length ? isLast : signs[end] === "cut";
  return 2 * (end - begin) + Number(isBegun) + Number(isEnded);
}

/** Runs of a pattern that words are asked for: the second leaves out what the first has let through. */
const runsAsked = 2;

/** Of each list each value that fits has a word; what leaves out the most comes first. None where nothing is told. */
export function wordPatterns(patterns: readonly Pattern[]): Pattern[][] {
  const runs = patterns.map((pattern) =>
    piecesOf(pattern)
      .flatMap(runsOf)
      .sort((a, b) => weight(b) - weight(a)),
  );
  const fewest = Math.min(runsAsked, ...runs.map(({ length }) => length));
  return Array.from({ length: fewest }, (_, at) => runs.flatMap((each) => patternsOf(each[at] as Run)));
}

/** Of each pattern the runs of letters and digits that stand in this order in what fits, in small letters. */
export function runsInOrder(patterns: readonly Pattern[]): string[][] {
  return patterns.map((pattern) =>
    piecesOf(pattern)
      .flatMap(runsOf)
      .map(({ piece, begin, end }) =>
        piece.signs
          .slice(begin, end)
          .filter(isLetter)
          .map(({ char }) => char)
          .join(""),
      ),
  );
}
