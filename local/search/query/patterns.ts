/** Patterns with `*` and `?`, and what is known of every text that fits one. */
import { beginningBytes } from "../documents/value-list";
import type { TextHints } from "./condition";
import type { OfBeginning } from "./string-range";

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
  const parts = patternParts(pattern);
  return { test: (text) => fits(parts, text), hints: patternHints(parts) };
}

function patternHints(parts: readonly PatternPart[]): TextHints {
  const literals = parts.map((part) => (typeof part === "string" ? part : part.char));
  const text = parts.map((part) => (typeof part === "string" ? " " : part.char)).join("");
  const isInside = literals[0] === "many" && literals.at(-1) === "many" && /^ [a-z0-9]+ $/.test(text);
  const open = parts.findIndex((part) => typeof part === "string");
  const begins = literals.slice(0, open === -1 ? literals.length : open).join("");
  // A character that may be any has two units at most.
  const units = (part: PatternPart) =>
    part === "one" ? 2 : part === "many" ? Number.POSITIVE_INFINITY : part.char.length;
  return {
    ...hintsOf([text]),
    isAll: isInside,
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
