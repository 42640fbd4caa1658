/** Documents that come as bytes leave in the file what the same documents leave that come as text. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { PackedDocuments, Refusal } from "../../../../local/rooms";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { createRandom, type Random } from "../../../../publisher/records/samples/random";

const mapping = mappingOf({
  settings: {},
  mappings: {
    date_detection: false,
    properties: {
      "@timestamp": { type: "date" },
      message: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 30 } } },
      host: { type: "keyword", ignore_above: 12 },
      status: { type: "long", ignore_malformed: true },
      size: { type: "long", fields: { text: { type: "keyword" } } },
      took: { type: "double", ignore_malformed: true },
      ratio: { type: "float", ignore_malformed: true },
      done: { type: "boolean" },
      seen: { type: "date", ignore_malformed: true },
      source: { properties: { ip: { type: "ip", ignore_malformed: true }, port: { type: "long" } } },
    },
  },
});

/** What mostly stands in a field, as JSON. */
const usual: Readonly<Record<string, string>> = {
  message:
    '"GET /items/7 200"|"two words"|"a much longer value than is kept whole"|"a \\"quoted\\" word"|"caf\u00e9 \u6771\u4eac"',
  host: '"web-1"|"Web-2"|"a long name of a host"|""|"\u007f"|["web-1","web-2"]',
  status: '200|404|"404"|0|-7|"-"|500|null',
  size: "7|123456789012345|0|99|3.7",
  took: '0.5|-0.25|12|0.000001|"1.5"|0.123456',
  ratio: "0.5|1|2.25",
  done: 'true|false|"true"',
  seen: '"2026-11-29"|"2026-11-29T12:00:00.125Z"|1795939689470|"never"',
  source:
    '{"ip":"10.0.0.1"}|{ "ip" : "10.0.0.2" , "port" : 443 }|{}|[{"port":1},{"port":2}]|{"ip":"fe80::1","port":"80"}',
  "@timestamp":
    '"2026-11-29T12:00:00.125Z"|"2026-11-29T12:00:01.125Z"|"2026-11-29T12:00:02.5Z"|1795939689470|["2026-11-29","2026-11-30"]',
};
const usualKeys = Object.keys(usual);
/** What is not plain, or no JSON, or wrong in most fields. */
const odd = [
  "1234567890123456|9007199254740993|-0|007|1e3|1E400|1.10|1.0|12.|.5|0.0000001|3.000000000000004|123456789.1234567",
  '"\\u00e9t\\u00E9"|"line\\nbreak"|"back\\\\slash"|"\\ud800"|"\u2028"|"torn \\u12"|"wrong \\x"|"tab\tinside"|"open',
  'truth|nul|undefined|[]|[[1]]|[1, 2]|[1,]|[null]|{|{"ip":"10.0.0.1","ip":"10.0.0.2"}|{"other":{"deep":1}}',
].flatMap((line) => line.split("|"));
const oddKeys = "new.name|source.port|_id|7|a key|caf\u00e9|es\\u0063aped||message".split("|");

function memberOf(random: Random): string {
  const key = random.chance(99) ? random.pick(usualKeys) : random.pick(oddKeys);
  const value = random.chance(97) ? random.pick((usual[key] ?? '"x"').split("|")) : random.pick(odd);
  return `"${key}"${random.chance(98) ? ":" : " : "}${value}`;
}

function documentOf(random: Random): string {
  const members = Array.from({ length: 1 + random.below(5) }, () => memberOf(random));
  const text = `{${members.join(random.chance(97) ? "," : ", ")}}`;
  if (random.chance(99)) return text;
  return random.pick([
    `\ufeff${text}`,
    `${text} `,
    ` ${text}`,
    `${text}x`,
    text.slice(0, -1),
    "",
    "[1]",
    `${text}${text}`,
  ]);
}

function packed(sources: readonly string[], first: number): PackedDocuments {
  const bytes = sources.map((source) => Buffer.from(source));
  const ends = Uint32Array.from(bytes);
  for (let end = 0, at = 0; at < ends.length; at++) ends[at] = end += bytes[at]!.length;
  return {
    index: "one",
    idPrefix: "e.",
    seqs: Float64Array.from(sources, (_, at) => first + at),
    arrivalsMs: Float64Array.from(sources, (_, at) => 1_795_939_000_000 + first + at),
    body: Buffer.concat(bytes),
    starts: Uint32Array.from(bytes, (_, at) => ends[at - 1] ?? 0),
    ends,
  };
}

/** What a writer has made of the documents: all rows of all tables, and what it refused. */
function written(
  sources: readonly string[],
  write: (writer: IndexWriter, part: PackedDocuments) => Refusal[],
) {
  const db = new DatabaseSync(":memory:");
  db.exec(fileSchema);
  const panels = ["message:get", "status:[200 TO 300]", "took:<1 OR done:true"];
  const writer = new IndexWriter(
    db,
    panels.map((query) => ({ title: query, query })),
    mapping,
  );
  const refusals: Refusal[] = [];
  for (let at = 0; at < sources.length; at += 1000) {
    refusals.push(...write(writer, packed(sources.slice(at, at + 1000), at + 1)));
    writer.settle({ throughSeq: at + 1000, indexed: 0, dropped: 0, failed: 0, failedObjects: [] });
  }
  const tables = ["f1_data", "f1_idx", "d1", "b1", "indices", "panel_counts"].map(
    (name) => [name, db.prepare(`SELECT * FROM ${name}`).all()] as const,
  );
  db.close();
  return { refusals, tables: Object.fromEntries(tables) };
}

const asText = (writer: IndexWriter, { seqs, arrivalsMs, body, starts, ends }: PackedDocuments): Refusal[] =>
  writer.write({
    seqs,
    arrivalsMs,
    ids: Array.from(seqs, (seq) => `e.${seq}`),
    indices: Array.from(seqs, () => "one"),
    sources: Array.from(seqs, (_, at) => Buffer.from(body).toString("utf8", starts[at], ends[at])),
  });
const asBytes = (writer: IndexWriter, part: PackedDocuments): Refusal[] => writer.writePacked([part]);

describe("documents that come as bytes", () => {
  it("leave the same rows, tokens, counts and refusals as those that come as text", () => {
    const random = createRandom(20);
    const sources = Array.from({ length: 1000 }, () => documentOf(random));
    const [text, bytes] = [written(sources, asText), written(sources, asBytes)];
    assert.deepEqual(bytes.refusals, text.refusals);
    for (const [name, rows] of Object.entries(text.tables)) assert.deepEqual(bytes.tables[name], rows, name);
  });
});
