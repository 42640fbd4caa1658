/** Patterns with `*` and `?`, and what is known of every text that fits one. */
import { beginningBytes } from "../documents/value-list";
import type { TextHints } from "./condition";
import type { OfBeginning } from "./string-range";
import { type MachinePlan, open, TextMachine } from "./text-machine";

const firstNonAscii = "\u0080";
const firstByteBeyondAscii = 0x80;
/** Of a character; those from 0x80 to here go on with one. */
const firstByteOfSeveral = 0xc0;

type PatternPart = { readonly char: string } | "one" | "many";

function patternParts(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    if (char === "*") {
      if (parts.at(-1) !== "many") parts.push("many");
    } else if (char === "?") parts.push("one");
    else if (char === "\\" && at + 1 < chars.length) parts.push({ char: chars[++at] as string });
    else parts.push({ char });
  }
  return parts;
}

/** Whether a text fits the pattern, in time linear in both lengths for each star. */
function fits(parts: readonly PatternPart[], text: string): boolean {
  const chars = [...text];
  let at = 0;
  let part = 0;
  let starPart = -1;
  let starAt = 0;
  while (at < chars.length) {
    const wanted = parts[part];
    if (wanted === "many") {
      starPart = part++;
      starAt = at;
    } else if (wanted !== undefined && (wanted === "one" || wanted.char === chars[at])) {
      part++;
      at++;
    } else if (starPart >= 0) {
      part = starPart + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part] === "many") part++;
  return part === parts.length;
}

/** Of a pattern: whether a text fits, and what all that fit have. */
export function patternTest(pattern: string): { test: (text: string) => boolean; hints: TextHints } {
  const machine = patternMachine(pattern);
  return { test: (text) => machine.fits(text), hints: patternHints(patternParts(pattern), beginOf(pattern)) };
}

/** So many first parts of a pattern are read, each of them a way that a text may have fitted so far; in order. */
type PartsRead = readonly number[];

export function patternMachine(pattern: string): TextMachine<PartsRead> {
  const parts = patternParts(pattern);
  const end = parts.length;
  const endsOpen = parts.at(-1) === "many";
  const isAscii = parts.every((part) => typeof part === "string" || part.char < firstNonAscii);
  const reached = (read: Set<number>): PartsRead => {
    for (const part of read) if (parts[part] === "many") read.add(part + 1);
    // Whatever follows, it fits.
    return endsOpen && read.has(end) ? [end - 1, end] : [...read].sort((a, b) => a - b);
  };
  const plan: MachinePlan<PartsRead> = {
    start: reached(new Set([0])),
    after(state, byte) {
      if (byte >= firstByteBeyondAscii && !isAscii) return open;
      // The character was read with its first byte.
      if (byte >= firstByteBeyondAscii && byte < firstByteOfSeveral) return state;
      const read = new Set<number>();
      for (const part of state) {
        const wanted = parts[part];
        if (wanted === "many") read.add(part);
        else if (wanted === "one" || wanted?.char === String.fromCharCode(byte)) read.add(part + 1);
      }
      return read.size === 0 ? undefined : reached(read);
    },
    passes: (state) => state.at(-1) === end,
    nameOf: (state) => state.join(" "),
  };
  return new TextMachine(plan, (text) => fits(parts, text));
}

/** The text with which each that fits begins, as it is. */
export function beginOf(pattern: string): string {
  const parts = patternParts(pattern);
  const openAt = parts.findIndex((part) => typeof part === "string");
  const first = openAt === -1 ? parts : parts.slice(0, openAt);
  return first.map((part) => (part as { char: string }).char).join("");
}

function patternHints(parts: readonly PatternPart[], begins: string): TextHints {
  const text = parts.map((part) => (typeof part === "string" ? " " : part.char)).join("");
  // A character that may be any has two units at most.
  const units = (part: PatternPart) =>
    part === "one" ? 2 : part === "many" ? Number.POSITIVE_INFINITY : part.char.length;
  return {
    ...hintsOf([text]),
    leastCharacters: parts.filter((part) => part !== "many").length,
    mostUnits: parts.reduce((sum, part) => sum + units(part), 0),
    begins,
    ofBeginning: startOfBeginning(begins, isAnything(parts) ? "all" : "some"),
  };
}

/** Whether every text fits that has a character. */
function isAnything(parts: readonly PatternPart[]): boolean {
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

/** Of texts that contain each of these, whole. */
export function hintsOf(texts: readonly string[]): TextHints {
  const runs = texts.flatMap((text) => (text.match(/[A-Za-z0-9]+/g) ?? []).map((run) => run.toLowerCase()));
  return { contains: runs.sort((a, b) => b.length - a.length)[0] };
}
