/** Fuzzy terms: tokens within one or two edits, a swap of neighbours counted as one. */
import { type MachinePlan, open, TextMachine } from "./text-machine";

/** Edits that `~` without a number allows for a term: none below 3 characters, one below 6, else two. */
export function automaticEdits(term: string): number {
  const length = [...term].length;
  return length < 3 ? 0 : length < 6 ? 1 : 2;
}

/** Lines of a table of distances, as many as a swap looks back. */
const linesKept = 3;

/** A test whether a text is at most `edits` away from the term. */
export function withinEdits(term: string, edits: number): (value: string) => boolean {
  const wanted = codePoints(term);
  let chars = new Uint32Array(64);
  let lines = Array.from({ length: linesKept }, () => new Uint16Array(65));
  return (value) => {
    // A character has two units at most.
    if (value.length > 2 * (wanted.length + edits)) return false;
    if (value.length > chars.length) {
      chars = new Uint32Array(2 * value.length);
      lines = lines.map(() => new Uint16Array(2 * value.length + 1));
    }
    let length = 0;
    for (let at = 0; at < value.length; at++) {
      const code = value.codePointAt(at) as number;
      if (code > 0xffff) at++;
      chars[length++] = code;
    }
    if (Math.abs(length - wanted.length) > edits) return false;
    return distance(wanted, chars, length, lines, edits) <= edits;
  };
}

/** Two lines of the table of distances, the one behind the last byte and the one before it. */
interface Lines {
  readonly last: readonly number[];
  readonly before: readonly number[] | undefined;
  /** The last byte, where a swap with the next could matter; else -1. */
  readonly byte: number;
}

const ascii = 128;

/** The test of {@link withinEdits} as a machine. Of a term in ASCII a byte is a character. */
export function nearMachine(term: string, edits: number): TextMachine<Lines> {
  const test = withinEdits(term, edits);
  const wanted = [...Buffer.from(term)];
  if (wanted.some((byte) => byte >= ascii)) return new TextMachine<Lines>(undefined, test);
  // What is beyond the edits is all the same.
  const most = edits + 1;
  const plan: MachinePlan<Lines> = {
    start: { last: [0, ...wanted.map((_, at) => Math.min(at + 1, most))], before: undefined, byte: -1 },
    after({ last, before, byte: byteBefore }, byte) {
      if (byte >= ascii) return open;
      const line = [Math.min((last[0] as number) + 1, most)];
      for (const [at, char] of wanted.entries()) {
        const isSwapped = before !== undefined && at > 0 && char === byteBefore && wanted[at - 1] === byte;
        line.push(
          Math.min(
            (last[at] as number) + Number(char !== byte),
            (last[at + 1] as number) + 1,
            (line[at] as number) + 1,
            isSwapped ? (before[at - 1] as number) + 1 : most,
            most,
          ),
        );
      }
      if (Math.min(...line) > edits) return undefined;
      return { last: line, before: last, byte: wanted.includes(byte) ? byte : -1 };
    },
    passes: ({ last }) => (last.at(-1) as number) <= edits,
    // What is left of the term behind all of it that may have been read.
    bytesNeeded: ({ last }) => wanted.length - last.findLastIndex((distance) => distance <= edits),
    nameOf: ({ last, before = [], byte }) => `${last.join("")} ${before.join("")} ${byte}`,
  };
  return new TextMachine(plan, test);
}

const codePoints = (text: string): Uint32Array =>
  Uint32Array.from(text, (char) => char.codePointAt(0) as number);

/** Of two texts, a swap of neighbours being one edit; no more than said of one that is beyond `most`. */
function distance(
  wanted: Uint32Array,
  chars: Uint32Array,
  length: number,
  lines: readonly Uint16Array[],
  most: number,
): number {
  let [twoBack, back, line] = lines as [Uint16Array, Uint16Array, Uint16Array];
  for (let at = 0; at <= length; at++) back[at] = at;
  for (let row = 1; row <= wanted.length; row++) {
    const char = wanted[row - 1] as number;
    const before = row > 1 ? (wanted[row - 2] as number) : -1;
    line[0] = row;
    let least = row;
    for (let at = 1; at <= length; at++) {
      const cost = char === chars[at - 1] ? 0 : 1;
      let best = (back[at - 1] as number) + cost;
      if ((back[at] as number) + 1 < best) best = (back[at] as number) + 1;
      if ((line[at - 1] as number) + 1 < best) best = (line[at - 1] as number) + 1;
      const isSwapped = at > 1 && char === chars[at - 2] && before === chars[at - 1];
      if (isSwapped && (twoBack[at - 2] as number) + 1 < best) best = (twoBack[at - 2] as number) + 1;
      line[at] = best;
      if (best < least) least = best;
    }
    // A swap reaches back over one line, and costs one more than that.
    if (least > most) return least;
    [twoBack, back, line] = [back, line, twoBack];
  }
  return back[length] as number;
}
