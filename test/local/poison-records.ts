/** Records that could hurt: each must settle by itself, whatever the processor, and hurt no other. */
import { gzipSync } from "node:zlib";

export interface Poison {
  readonly title: string;
  readonly data: Buffer;
}

const text = (title: string, data: string): Poison => ({ title, data: Buffer.from(data) });
const bytes = (title: string, ...data: number[]): Poison => ({ title, data: Buffer.from(data) });
const json = (title: string, value: unknown): Poison => text(title, JSON.stringify(value));
const packed = (title: string, value: string | Buffer): Poison => ({ title, data: gzipSync(value) });

const times: Poison[] = [
  "9007199254740993",
  "-9200000000000000000",
  "9223372036854775807",
  "9223372036854775808",
  "1e400",
  "-1e400",
  "1e18",
  "-0",
  "0.5",
  '"9007199254740993"',
  '"292278995-01-01T00:00:00Z"',
  '"-292278995-01-01T00:00:00Z"',
  '"0000-00-00T00:00:00Z"',
  '"2026-02-30T00:00:00Z"',
  '"2026-03-01T25:00:00Z"',
  '"soon"',
  '""',
  "true",
  "null",
  "{}",
  "[]",
  "[1,2,3]",
  '["2026-03-01T00:00:00Z","2027-03-01T00:00:00Z"]',
].map((time) => text(`@timestamp ${time}`, `{"@timestamp":${time},"message":"hello"}`));

const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
const shapes: Poison[] = [
  text("lists 50,000 deep", `{"a":${deep("[", "]", 50_000)}}`),
  text("lists 999 deep", `{"a":${deep("[", "]", 999)}}`),
  text("objects 50,000 deep", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`),
  text("objects 21 deep", `${'{"a":'.repeat(21)}1${"}".repeat(21)}`),
  text("a list that never ends", "[".repeat(200_000)),
  text("an object that never ends", '{"a":'.repeat(50_000)),
  json("20,000 fields", Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f${i}`, i]))),
  json("2,001 fields", Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`g${i}`, i]))),
  json("100,000 values of one field", { many: Array.from({ length: 100_000 }, (_, i) => i) }),
  json("a name of 40,000 characters", { ["n".repeat(40_000)]: 1 }),
  json("a text of 900,000 characters", { message: "x".repeat(900_000) }),
  json("300,000 words", { message: "a ".repeat(300_000) }),
  text("a name twice", '{"a":1,"a":2}'),
  text("two objects", '{"a":1}{"a":2}'),
  text("a list", '[{"a":1}]'),
  text("a number", "1"),
  text("a text", '"text"'),
  text("null", "null"),
  text("nothing", ""),
  text("a line break", "\n"),
  text("blanks", "   \t  "),
];

const names: Poison[] = [
  ["an empty name", ""],
  ["a dot", "."],
  ["dots", "..."],
  ["dots around", ".a."],
  ["two dots", "a..b"],
  ["a blank", " "],
  ["__proto__", "__proto__"],
  ["constructor", "constructor"],
  ["_id", "_id"],
  ["_source", "_source"],
  ["a quote", 'a"b'],
  ["NUL", "a\0b"],
  ["a separator of the index", "a\u001fb"],
  ["markup", "<img src=x onerror=alert(1)>"],
].map(([title, name]) => text(`a field named ${title}`, `{${JSON.stringify(name)}:1,"message":"hello"}`));

const numbers: Poison[] = [
  "18446744073709551615",
  "1e400",
  "-1e400",
  "1e-400",
  `1${"0".repeat(5000)}`,
  `0.${"1".repeat(5000)}`,
].map((number) => text(`the number ${number.slice(0, 24)}`, `{"n":${number},"status":${number}}`));

const unicode: Poison[] = [
  json("300,000 joiners", { message: "‿".repeat(300_000) }),
  json("accents behind blanks", { message: " é".repeat(100_000) }),
  json("a character with 100,000 marks", { message: `a${"\u0301".repeat(100_000)}` }),
  json("flags without end", { message: "🇩".repeat(50_000) }),
  json("joined people", { message: "👩‍".repeat(50_000) }),
  json("directions", { message: "\u202e\u202d\u2066".repeat(1000) }),
  text("lone surrogates", '{"message":"\\ud800 \\udfff","\\ud800":1}'),
  json("NUL", { message: "\0" }),
  json("a mark of byte order", { message: "\ufeff" }),
  json("terminal escapes", { message: "\u001b[2J\u001b]0;x\u0007" }),
];

const encodings: Poison[] = [
  bytes("a byte that is no UTF-8", 0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d),
  bytes("NUL bytes", 0, 0, 0, 0),
  { title: "a mark of byte order before it", data: Buffer.from('\ufeff{"a":1}') },
  { title: "UTF-16", data: Buffer.from('{"a":1}', "utf16le") },
  text("rows of quotes without an end", `insert a (token) values ('${"''".repeat(50_000)}`),
  text("a command in a row", "put-parameter --value a SecureString ".repeat(3000)),
  text("a command with options in a row", "htpasswd ".repeat(20_000)),
  text("shares in a row", "net use ".repeat(20_000)),
  text("names in a row that may be a secret's", "sig=".repeat(50_000)),
  { title: "every byte", data: Buffer.from(Array.from({ length: 256 }, (_, i) => i)) },
  bytes("the start of gzip", 0x1f, 0x8b, 8, 0),
  packed("gzip of nothing", ""),
  packed("gzip of gzip", gzipSync("{}")),
  packed("a gzip bomb of zeros", Buffer.alloc(64 * 1024 * 1024)),
  packed(
    "a payload of a million events",
    `{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[${"{},".repeat(1_000_000)}{}]}`,
  ),
  packed("a payload without events", '{"messageType":"DATA_MESSAGE","logEvents":[]}'),
  packed("a payload whose events are none", '{"messageType":"DATA_MESSAGE","logEvents":[1,null,"x",[]]}'),
  { title: "a gzip that is cut off", data: gzipSync("x".repeat(10_000)).subarray(0, 30) },
];

export const poisons: readonly Poison[] = [
  ...times,
  ...shapes,
  ...names,
  ...numbers,
  ...unicode,
  ...encodings,
];

/** Stand between the others, and must arrive. */
export const innocent = Buffer.from('{"message":"innocent bystander"}');
