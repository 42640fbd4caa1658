/**
 * The patterns behind `!{timestamp:…}` in S3 prefixes: those of Java's DateTimeFormatter, in UTC.
 *
 * Taken are the letters whose text is the same in every locale and version of Java. All others are refused, as
 * Firehose would write keys that nobody expects, or none at all: `MMM`, `EEE` and `a` are words of a locale, `Y` and
 * `w` count a locale's weeks, `DD` fails from day 100 on.
 * @see https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
 */

/** A piece of a pattern: text as it stands, or a letter and how often it stands there. */
export type PatternPart =
  | { readonly text: string }
  | { readonly letter: TimestampLetter; readonly count: number };

interface Letter {
  /** How often the letter may stand side by side. */
  readonly counts: readonly number[];
  format(at: Date, count: number): string;
}

const padded = (value: number, count: number): string => String(value).padStart(count, "0");
const number = (of: (at: Date) => number): Letter => ({
  counts: [1, 2],
  format: (at, count) => padded(of(at), count),
});
const dayMs = 86_400_000;
const dayOfYear = (at: Date): number =>
  Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / dayMs) + 1;
const year: Letter = {
  counts: [1, 2, 3, 4],
  format: (at, count) =>
    count === 2 ? String(at.getUTCFullYear()).slice(-2) : padded(at.getUTCFullYear(), count),
};

const letters = {
  y: year,
  u: year,
  M: number((at) => at.getUTCMonth() + 1),
  d: number((at) => at.getUTCDate()),
  D: { counts: [1, 3], format: (at, count) => padded(dayOfYear(at), count) },
  H: number((at) => at.getUTCHours()),
  k: number((at) => at.getUTCHours() || 24),
  K: number((at) => at.getUTCHours() % 12),
  h: number((at) => at.getUTCHours() % 12 || 12),
  m: number((at) => at.getUTCMinutes()),
  s: number((at) => at.getUTCSeconds()),
  S: {
    counts: [1, 2, 3],
    format: (at, count) => padded(at.getUTCMilliseconds(), 3).slice(0, count),
  },
} satisfies Record<string, Letter>;

export type TimestampLetter = keyof typeof letters;

const known = Object.entries<Letter>(letters)
  .map(([letter, { counts }]) => counts.map((count) => letter.repeat(count)).join(" "))
  .join(", ");
const isLetter = (text: string): text is TimestampLetter => Object.hasOwn(letters, text);

/** Quoted text (two quotes are one, within it too), a run of one letter, a lone quote, or any other character. */
const pieces = /'((?:[^']|'')+)'|''|([A-Za-z])\2*|'|[^]/g;

/** The pieces of a pattern; a text says what is wrong with it, and what is allowed. */
export function parseTimestampPattern(pattern: string): PatternPart[] | string {
  const parts: PatternPart[] = [];
  for (const [piece, quoted, letter] of pattern.matchAll(pieces)) {
    if (quoted !== undefined) parts.push({ text: quoted.replaceAll("''", "'") });
    else if (piece === "''") parts.push({ text: "'" });
    else if (piece === "'") return "it has a quote that is not closed";
    else if (letter === undefined) {
      if ("[]{}#".includes(piece)) return `${piece} is kept for Java's own use; put it in quotes: '${piece}'`;
      parts.push({ text: piece });
    } else {
      const count = piece.length;
      const counts: readonly number[] = isLetter(letter) ? letters[letter].counts : [];
      if (!counts.includes(count)) return `${piece} is not taken; allowed are ${known}, and text in quotes`;
      parts.push({ letter: letter as TimestampLetter, count });
    }
  }
  return parts;
}

/**
 * Evaluates a pattern at a time in milliseconds since 1970.
 * @throws Error for a pattern that {@link parseTimestampPattern} refuses
 */
export function formatTimestamp(pattern: string, ms: number): string {
  const parts = parseTimestampPattern(pattern);
  if (typeof parts === "string") throw new Error(`!{timestamp:${pattern}}: ${parts}`);
  const at = new Date(ms);
  return parts
    .map((part) => ("text" in part ? part.text : letters[part.letter].format(at, part.count)))
    .join("");
}
