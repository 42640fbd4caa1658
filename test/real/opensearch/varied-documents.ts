/** Documents of many kinds, from a seed: what log lines and events look like, and what they should not look like. */
import { type Random, randomFrom } from "./random";

export const WORDS =
  "error warn info hello bye world foo bar baz timeout connection refused not found the to GET POST index login logout user admin Müller straße naïve café ΟΔΟΣ İstanbul".split(
    " ",
  );
export const PIECES = [
  "foo-bar",
  "wi-fi",
  "xy-rcc112",
  "yz-rcc112",
  "R2-D2",
  "1,234.5",
  "3.14",
  "v1.2.3",
  "10.0.0.1",
  "192.168.17.4",
  "err.log",
  "a.1",
  "snake_case",
  "_x",
  "1e-5",
  "12:34",
  "10:15",
  "2026-11-25",
  "key:value",
  "aa:bb:cc:dd:ee:ff",
  "00:1a:2b:3c:4d:5e",
  "2001:db8::7",
  "fe80::abcd:ef01",
  "don't",
  "don’t",
  "can''t",
  "l'été",
  "O'Neil's",
  "C++",
  "C#",
  ".NET",
  "#tag",
  "@name",
  "AT&T",
  "$5.00",
  "50%",
  "-42",
  "alice@example.com",
  "dave+tag@example.org",
  "https://example.com/a/b?c=d&e=f#g",
  "http://x",
  "/var/log/app.log",
  "C:\\Temp\\x",
  "日本語",
  "東京タワー",
  "カタカナ",
  "ｶﾀｶﾅ",
  "アAア",
  "你好世界",
  "𠮷野家",
  "안녕ABC",
  "สวัสดีชาวโลก",
  "नमस्ते",
  "صباح الخير",
  "שלום",
  'צה"ל',
  "می‌خواهم",
  "Привет мир",
  "Ａｂｃ",
  "ﬁn",
  "e\u0301",
  "é",
  "😀",
  "👨‍👩‍👧",
  "❤️",
  "1️⃣",
  "🇩🇪",
  "👍🏽",
  "☃",
  "© 2026",
  "→",
  "½",
  "…",
  "[ERROR]",
  "(a)",
  "<b>",
  '"quoted"',
  "why?",
  "*",
  "a*b",
  "\u00a0",
  "soft\u00adhyphen",
  "zero\u200bwidth",
];
export const LEVELS = ["ERROR", "WARN", "INFO", "DEBUG", "error"];
export const PATHS = ["/index", "/a/b", "/index.html", "/", "/api/v1/users"];

const DATES = [
  "2026-11-25T10:00:00Z",
  "2026-11-25T10:00:30.500Z",
  "2026-11-25",
  "2026-11",
  "2026-12-01T00:00:00+02:00",
];

function uuid(random: Random): string {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => random.pick([..."0123456789abcdef"])).join("");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

function text(random: Random): string {
  const parts = Array.from({ length: 1 + random.number(6) }, () =>
    random.pick(random.chance(0.6) ? WORDS : PIECES),
  );
  return parts.join(random.pick([" ", " ", " ", ", ", " - ", "... ", "\t"]));
}

const RARE_TEXTS = [
  "",
  "   ",
  "-",
  "x".repeat(300),
  "y".repeat(1024),
  "z".repeat(1025),
  "😀".repeat(513),
  "ab ".repeat(500),
  "true",
  "5",
];

function value(random: Random): unknown {
  const kinds = [
    () => text(random),
    () => random.number(10),
    () => random.number(1000) / 8,
    () => random.chance(0.5),
    () => null,
    () => [],
    () => ({}),
    () => random.pick(RARE_TEXTS),
    () => String(random.number(10)),
    () => [text(random), text(random)],
  ];
  return random.pick(kinds)();
}

const DATE_VALUES = [
  ...DATES,
  1795600800000,
  "1795600800000",
  1795600800,
  "2026-11-25 10:00:00",
  "",
  true,
  null,
];

/** Adders of fields, each with how often it is used. */
const FIELDS: readonly (readonly [number, string, (random: Random) => unknown])[] = [
  [0.8, "message", text],
  [0.5, "m", (random) => (random.chance(0.1) ? random.pick(RARE_TEXTS) : text(random))],
  [0.05, "m", (random) => [text(random), text(random), null]],
  [0.4, "n", (random) => random.number(12)],
  [0.05, "n", (random) => [random.number(10), 100]],
  [
    0.03,
    "n",
    (random) => random.pick(["5", "4.6", "", 3.9, -2.9, "many", true, " 6", {}, null, "+7", "1e2", "0x5"]),
  ],
  [0.4, "f", (random) => random.number(40) / 8 + 0.1],
  [0.03, "f", (random) => random.pick(["1.5", "1.5f", "", "x", 16777217, 19.99, false, 7])],
  [0.3, "b", (random) => random.chance(0.5)],
  [0.03, "b", (random) => random.pick(["true", "false", "", "yes", 1, [true, false]])],
  [0.4, "level", (random) => random.pick(LEVELS)],
  [0.3, "path", (random) => random.pick(PATHS)],
  [
    0.2,
    "k",
    (random) => random.pick(["New York", "new york", "York", "B", "a", "Z", "10", "9", "é", "", "< b>"]),
  ],
  [0.2, "id", uuid],
  [0.2, "host.name", (random) => random.pick(["web-1", "web-2", "xy-rcc112", "yz-rcc112"])],
  [0.2, "o", (random) => ({ p: random.number(5), q: text(random), r: value(random) === null ? null : "r" })],
  [0.02, "o", (random) => random.pick([5, "text", null, {}, []])],
  [
    0.1,
    "items",
    (random) => [
      { n: random.pick(["apple", "pear"]), q: random.number(3) },
      { n: "fig", q: 2 },
    ],
  ],
  [0.1, "a.b", (random) => random.pick([1, 2, 3])],
  [0.1, "tags", (random) => [[random.pick(WORDS)], random.pick(WORDS)]],
  [0.05, "c d", text],
  [0.05, "ключ", (random) => random.pick(["x", "y"])],
  [0.02, "big", (random) => random.pick([9007199254740991, 42])],
  [0.4, "@timestamp", (random) => random.pick(DATES)],
  [0.03, "@timestamp", (random) => random.pick(DATE_VALUES)],
];

const ODD = [
  '{"":"x"}',
  '{".a":1}',
  '{"a..b":1}',
  '{"b.":1}',
  '{"_source":"x"}',
  '{"_x":"x"}',
  '{" ":"x"}',
  '{"m.keyword":"x"}',
  '{"m":{"x":1}}',
  '{"o.p":3}',
  '{"o":{"p":"4"}}',
  '{"big":9007199254740993}',
  '{"big":9223372036854775808}',
  '{"big":12345678901234567890123}',
  '{"n":1e1}',
  '{"n":5.0}',
  '{"f":1e40}',
  '{"f":3.4e38}',
  '{"m":1.5}',
  '{"m":true}',
  "{}",
  '{"deep":{"deep":{"deep":{"deep":{"x":1}}}}}',
];

/**
 * What is no JSON object by itself with each name once, or names metadata of the index: only the processor `identity`
 * hands such a thing on.
 */
export const MALFORMED: readonly string[] = [
  '{"_id":"x"}',
  "[]",
  '"text"',
  "5",
  "null",
  "{",
  '{"m":"x"',
  '{"m":"a"}{"m":"b"}',
  '{"m":"a"} x',
  '{"m":"a","m":"b"}',
  '{"o":{"p":1,"p":2}}',
  "{'m':'x'}",
  '{"m":NaN}',
  '{"m":"x",}',
  '{"m":"tab\tin"}',
];

/** The text of `count` documents. */
export function variedDocuments(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    if (random.chance(0.01)) return random.pick(ODD);
    const document: Record<string, unknown> = {};
    for (const [probability, name, make] of FIELDS)
      if (random.chance(probability)) document[name] = make(random);
    return JSON.stringify(document);
  });
}
