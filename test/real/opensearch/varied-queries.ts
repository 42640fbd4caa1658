/** Queries of many kinds, from a seed: all forms of the syntax, and what people type that is none. */
import { type Random, randomFrom } from "./random";
import { LEVELS, PATHS, PIECES, WORDS } from "./varied-documents";

const TEXT_FIELDS = [
  "message",
  "m",
  "level",
  "path",
  "k",
  "host.name",
  "o.q",
  "items.n",
  "tags",
  "c\\ d",
  "ключ",
  "id",
];
const EXACT_FIELDS = [
  "m.keyword",
  "level.keyword",
  "path.keyword",
  "k.keyword",
  "host.name.keyword",
  "items.n.keyword",
];
const OTHER_FIELDS = [
  "n",
  "f",
  "b",
  "o.p",
  "a.b",
  "big",
  "@timestamp",
  "o",
  "a",
  "nosuch",
  "items",
  "message.keyword",
  "n.text",
  "o.p.text",
  "big.text",
];

const escaped = (text: string): string => text.replace(/[+\-!(){}[\]^"~*?:\\/&|<>=\s]/g, "\\$&");
const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

function word(random: Random): string {
  const raw = random.pick(random.chance(0.5) ? WORDS : PIECES);
  const forms = [
    () => escaped(raw),
    () => escaped(raw),
    () => quoted(raw),
    () => raw,
    () => raw.toUpperCase(),
  ];
  return random.pick(forms)();
}

function phrase(random: Random): string {
  const words = Array.from({ length: 1 + random.number(3) }, () =>
    random.pick(random.chance(0.7) ? WORDS : PIECES),
  );
  return quoted(words.join(" ")) + (random.chance(0.2) ? `~${random.number(4)}` : "");
}

function wildcard(random: Random): string {
  const from = [...random.pick(random.chance(0.6) ? WORDS : PIECES)];
  const cut = 1 + random.number(from.length);
  const head = escaped(from.slice(0, cut).join(""));
  const tail = escaped(from.slice(cut).join(""));
  return random.pick([
    `${head}*`,
    `*${tail}`,
    `${head}?`,
    `${head}*${tail}`,
    `?${tail}`,
    `*${head}*`,
    `${head.toUpperCase()}*`,
  ]);
}

const NUMBERS = [
  "0",
  "3",
  "5",
  "05",
  "5.0",
  "5.5",
  "5e0",
  "\\-2",
  '"5"',
  "7",
  "100",
  "x",
  "5x",
  "1,000",
  "9007199254740993",
  "1.5",
  "1.5f",
  "2.1",
];
const RANGE_ENDS = [
  "0",
  "3",
  "5",
  "4.5",
  "-3",
  "7",
  "*",
  "abc",
  "100",
  "a",
  "C",
  "error",
  '"hello"',
  "9223372036854775808",
];
const DATE_ENDS = [
  "2026-11-25",
  "2026-11-25T10:00",
  "2026-11-25T10:00:00Z",
  "2026-11",
  "2026",
  "2026-11-25||/d",
  "2026-11-25||+1d",
  "*",
  "1795600800000",
  "2026-13-01",
];

function range(random: Random, ends: readonly string[]): string {
  if (random.chance(0.3)) return random.pick([">", ">=", "<", "<="]) + random.pick(ends);
  return `${random.pick(["[", "{"])}${random.pick(ends)} TO ${random.pick(ends)}${random.pick(["]", "}"])}`;
}

const EXPRESSIONS = [
  "err.*",
  ".*or",
  "[a-f]+",
  "ERR(OR)?",
  "b.{2}",
  "wa[rn]+|bye",
  "\\d+",
  "@",
  "x{2,}",
  "(",
  "[^a]+\\.com",
];

/** A word with one or two letters wrong. */
function mistyped(random: Random): string {
  const letters = [...random.pick(WORDS)];
  for (let errors = 1 + random.number(2); errors > 0; errors--)
    letters.splice(random.number(letters.length), random.number(2), "x");
  return letters.join("");
}

function onField(random: Random): string {
  const forms = [
    () => `${random.pick(TEXT_FIELDS)}:${word(random)}`,
    () => `${random.pick(TEXT_FIELDS)}:${phrase(random)}`,
    () => `${random.pick(TEXT_FIELDS)}:${wildcard(random)}`,
    () => `${random.pick(TEXT_FIELDS)}:${range(random, RANGE_ENDS)}`,
    () => `${random.pick(TEXT_FIELDS)}:(${random.pick(WORDS)} ${random.pick(WORDS)})`,
    () =>
      `${random.pick(EXACT_FIELDS)}:${random.pick([...LEVELS, ...PATHS.map(quoted), '"New York"', "New\\ York", "B", '""', "xy-rcc112"])}`,
    () => `${random.pick(EXACT_FIELDS)}:${wildcard(random)}`,
    () => `${random.pick(EXACT_FIELDS)}:${range(random, RANGE_ENDS)}`,
    () => `${random.pick(["n", "f", "o.p", "a.b", "big", "items.q"])}:${random.pick(NUMBERS)}`,
    () => `${random.pick(["n", "f", "o.p", "big"])}:${range(random, RANGE_ENDS)}`,
    () => `b:${random.pick(["true", "false", "TRUE", '"true"', "1", "[false TO true]", "t*", "*"])}`,
    () =>
      `\\@timestamp:${random.pick(['"2026-11-25"', "2026-11-25", "2026-11", "yesterday", '"2026-11-25T10:00"', "2026*", "1795600800000"])}`,
    () => `@timestamp:${range(random, DATE_ENDS)}`,
    () => `_exists_:${random.pick([...TEXT_FIELDS, ...EXACT_FIELDS, ...OTHER_FIELDS])}`,
    () =>
      `${random.pick([...TEXT_FIELDS, ...EXACT_FIELDS, ...OTHER_FIELDS])}:${random.pick(["*", "**", "?*", "[* TO *]", '"-"', "..."])}`,
    () => `${random.pick(OTHER_FIELDS)}:${word(random)}`,
    () => `${random.pick([...TEXT_FIELDS, ...EXACT_FIELDS, "n"])}:/${random.pick(EXPRESSIONS)}/`,
    () =>
      `${random.pick([...TEXT_FIELDS, ...EXACT_FIELDS])}:${mistyped(random)}~${random.pick(["", "1", "2"])}`,
    () => `${random.pick(["o.\\*", "\\*", "*", "host.\\*", "\\*.keyword"])}:${word(random)}`,
  ];
  return random.pick(forms)();
}

function bare(random: Random): string {
  const forms = [
    () => word(random),
    () => word(random),
    () => phrase(random),
    () => wildcard(random),
    () => random.pick(NUMBERS),
    () => range(random, RANGE_ENDS),
    () => `${random.pick(WORDS)} ${random.pick(["5", "500", "true", "error", "x"])}`,
    () => random.pick(["*", "**", "...", "2026-11-25", "true", "-", "and", "or", "not", "TO", "&", "|"]),
  ];
  return random.pick(forms)();
}

function clause(random: Random, depth: number): string {
  const sign = random.chance(0.15) ? random.pick(["+", "-", "!", "NOT ", "- "]) : "";
  if (depth > 0 && random.chance(0.25)) return `${sign}(${clauses(random, depth - 1)})`;
  const boost = random.chance(0.03) ? "^2" : "";
  return sign + (random.chance(0.65) ? onField(random) : bare(random)) + boost;
}

function clauses(random: Random, depth: number): string {
  let query = clause(random, depth);
  for (let more = random.pick([0, 0, 0, 1, 1, 2, 3]); more > 0; more--) {
    query +=
      random.pick([" AND ", " AND ", " OR ", " ", " ", " && ", " || ", " AND NOT "]) + clause(random, depth);
  }
  return query;
}

/** Breaks a query as typing errors do. */
function broken(random: Random, query: string): string {
  const at = random.number(query.length + 1);
  const insert = random.pick([
    "(",
    ")",
    '"',
    "[",
    "]",
    "}",
    ":",
    "/",
    " AND ",
    " OR",
    "NOT ",
    "^",
    "~",
    "\\",
    "!",
    "*",
    " TO ",
    "+",
    "-",
    "\\u12",
  ]);
  return random.chance(0.3)
    ? query.slice(0, at) + query.slice(at + 1)
    : query.slice(0, at) + insert + query.slice(at);
}

export function variedQueries(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const query = clauses(random, 2);
    return random.chance(0.15) ? broken(random, query) : query;
  });
}
