/** Tests of texts by patterns with `*` and `?`, and what is known of every text that fits one. */
import { beginningBytes } from "../documents/value-list";
import type { TextHints } from "./condition";
import { beginOf, fits, type Pattern, type PatternPart, patternParts } from "./pattern-parts";
import type { OfBeginning } from "./string-range";
import { type MachinePlan, open, TextMachine } from "./text-machine";
import { runsInOrder, wordPatterns } from "./word-patterns";

const firstNonAscii = "\u0080";
const firstByteBeyondAscii = 0x80;
/** Of a character; those from 0x80 to here go on with one. */
const firstByteOfSeveral = 0xc0;

/** What follows the last part of a pattern. */
const end = "end";

/** Of a pattern: whether a text fits, and what all that fit have. */
export function patternTest(pattern: string): { test: (text: string) => boolean; hints: TextHints } {
  const machine = patternMachine(pattern);
  const parts = patternParts(pattern);
  const ofBeginning = startOfBeginning(beginOf(parts), isAnything(parts) ? "all" : "some");
  const ofWord = isOpen(parts) ? { word: machine } : {};
  return { test: (text) => machine.fits(text), hints: { ...hintsOf([parts]), ofBeginning, ...ofWord } };
}

export function patternMachine(pattern: string): TextMachine {
  return machineOf([patternParts(pattern)]);
}

/** So many first parts of a pattern are read, each of them a way that a text may have fitted so far; in order. */
type PartsRead = readonly number[];

/** Whether a text fits one of the patterns. */
export function machineOf(patterns: readonly Pattern[]): TextMachine<PartsRead> {
  // One behind the other, so that a place in the list tells the pattern too.
  const parts = patterns.flatMap((pattern): (PatternPart | typeof end)[] => [...pattern, end]);
  const starts = patterns.map((_, at) =>
    patterns.slice(0, at).reduce((sum, { length }) => sum + length + 1, 0),
  );
  const needed = bytesToEnd(parts);
  const isAscii = parts.every((part) => typeof part === "string" || part.char < firstNonAscii);
  const reached = (read: Set<number>): PartsRead => {
    for (const part of read) {
      if (parts[part] !== "many") continue;
      // Whatever follows, it fits.
      if (parts[part + 1] === end) return [part, part + 1];
      read.add(part + 1);
    }
    return [...read].sort((a, b) => a - b);
  };
  const plan: MachinePlan<PartsRead> = {
    start: reached(new Set(starts)),
    after(state, byte) {
      if (byte >= firstByteBeyondAscii && !isAscii) return open;
      // The character was read with its first byte.
      if (byte >= firstByteBeyondAscii && byte < firstByteOfSeveral) return state;
      const read = new Set<number>();
      for (const part of state) {
        const wanted = parts[part];
        if (wanted === "many") read.add(part);
        else if (wanted === "one" || isChar(wanted, byte)) read.add(part + 1);
      }
      return read.size === 0 ? undefined : reached(read);
    },
    passes: (state) => state.some((part) => parts[part] === end),
    bytesNeeded: (state) =>
      state.reduce((least, part) => Math.min(least, needed[part] as number), Number.POSITIVE_INFINITY),
    nameOf: (state) => state.join(" "),
  };
  return new TextMachine(plan, (text) => patterns.some((pattern) => fits(pattern, text)));
}

/** From each part to the end of its pattern: a byte at least for each that is a character. */
function bytesToEnd(parts: readonly (PatternPart | typeof end)[]): number[] {
  let bytes = 0;
  return parts
    .toReversed()
    .map((part) => {
      if (part === end) bytes = 0;
      else if (part !== "many") bytes++;
      return bytes;
    })
    .reverse();
}

function isChar(part: PatternPart | typeof end | undefined, byte: number): boolean {
  return typeof part === "object" && part.char === String.fromCharCode(byte);
}

/** Of texts each of which fits one of the patterns. */
export function hintsOf(patterns: readonly Pattern[]): TextHints {
  const [begins = "", ...others] = patterns.map(beginOf);
  return {
    words: wordPatterns(patterns).map(machineOf),
    runs: runsInOrder(patterns),
    leastCharacters: Math.min(...patterns.map((parts) => parts.filter((part) => part !== "many").length)),
    mostUnits: Math.max(...patterns.map((parts) => parts.reduce((sum, part) => sum + mostUnits(part), 0))),
    // Of several patterns the beginnings are several.
    ...(others.length === 0 ? { begins, ofBeginning: startOfBeginning(begins, "some") } : {}),
  };
}

/** A character that may be any has two units at most. */
function mostUnits(part: PatternPart): number {
  return part === "one" ? 2 : part === "many" ? Number.POSITIVE_INFINITY : part.char.length;
}

/** Whether what fits may have anything before it and behind it. */
const isOpen = (parts: Pattern): boolean => parts[0] === "many" && parts.at(-1) === "many";

/** Whether every text fits that has a character. */
function isAnything(parts: Pattern): boolean {
  const ones = parts.filter((part) => part !== "many");
  return parts.includes("many") && ones.length < 2 && ones.every((part) => part === "one");
}

/** Of texts that begin with `start`; `passing` says which of these pass. */
export function startOfBeginning(start: string, passing: "all" | "some"): (beginning: number) => OfBeginning {
  const wanted = Buffer.from(start);
  const compared = Math.min(wanted.length, beginningBytes);
  const rest = 256 ** (beginningBytes - compared);
  const number = compared === 0 ? 0 : wanted.readUIntBE(0, compared);
  const those = wanted.length <= beginningBytes ? passing : "some";
  return (beginning) => (Math.floor(beginning / rest) === number ? those : "none");
}
