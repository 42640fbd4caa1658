/** Patterns with `*` and `?` as lists of their parts. */

export type PatternPart = { readonly char: string } | "one" | "many";

export type Pattern = readonly PatternPart[];

export function patternParts(pattern: string): PatternPart[] {
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
export function fits(parts: Pattern, text: string): boolean {
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

/** The text with which each that fits begins, as it is. */
export function beginOf(parts: Pattern): string {
  const openAt = parts.findIndex((part) => typeof part === "string");
  const first = openAt === -1 ? parts : parts.slice(0, openAt);
  return first.map((part) => (part as { char: string }).char).join("");
}
