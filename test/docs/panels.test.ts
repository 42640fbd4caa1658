/** Every panel that docs/processors.md shows counts what it says, over the fixtures of its processor. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mappingsOf } from "../../infra/domain/mappings";
import { mappingOf } from "../../local/search/documents/mapping";
import { processors } from "../../processors";
import { fixtures } from "../../processors/dev/fixtures";
import { smallIndex } from "../local/search/small-index";

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape
type Document = any;

const words = (value: unknown): string[] =>
  typeof value === "string" ? value.toLowerCase().split(/[^a-z0-9]+/) : [];

/** What each panel of the page means, said without the index. */
const meanings: Readonly<Record<string, (document: Document) => boolean>> = {
  "http.response.status_code:>=500": (d) => d.http?.response?.status_code >= 500,
  "http.response.status_code:404": (d) => d.http?.response?.status_code === 404,
  "event.duration:>1000000000": (d) => d.event?.duration > 1_000_000_000,
  "event:purchase": (d) => words(d.event).includes("purchase"),
  "event:error": (d) => words(d.event).includes("error"),
  "action:BLOCK": (d) => d.action === "BLOCK",
  "httpRequest.country:NL": (d) => d.httpRequest?.country === "NL",
  "httpRequest.clientIp:192.0.2.0\\/24": (d) => String(d.httpRequest?.clientIp).startsWith("192.0.2."),
  "aws.lambda.duration_ms:>1000": (d) => d.aws?.lambda?.duration_ms > 1000,
  "json.level:error": (d) => [d.json?.level].flat().some((level) => words(level).includes("error")),
  "message:Task AND message:timed": (d) => ["task", "timed"].every((word) => words(d.message).includes(word)),
  "event.outcome:failure": (d) => d.event?.outcome === "failure",
  "event.action:ConsoleLogin": (d) => d.event?.action === "ConsoleLogin",
  "aws.cloudtrail.read_only:false": (d) => d.aws?.cloudtrail?.read_only === false,
  "log.level:error": (d) => words(d.log?.level).includes("error"),
  "log.level:(error OR critical OR fatal) AND host.name:web1": (d) =>
    ["error", "critical", "fatal"].includes(d.log?.level) && d.host?.name === "web1",
  "event.action:reject": (d) => d.event?.action === "reject",
  'source.ip:"10.0.0.0/8" AND destination.port:22': (d) =>
    String(d.source?.ip).startsWith("10.") && d.destination?.port === 22,
};

/** Queries of the panels of each processor's section. */
function panelsOfPage(): [processor: string, query: string][] {
  const page = readFileSync(join(__dirname, "../../docs/processors.md"), "utf8");
  return page.split(/^## /m).flatMap((section) => {
    const name = section.split("\n", 1)[0]!.trim();
    if (!Object.hasOwn(processors, name)) return [];
    const listed = [...section.matchAll(/^ +- [^=\n]+ = (.+)$/gm)].map((match) => match[1]!);
    const paragraph = /^Panels: [^]*?(?=\n\n)/m.exec(section)?.[0] ?? "";
    const named = [...paragraph.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    return [...listed, ...named].map((query): [string, string] => [name, query]);
  });
}

/** Queries of the panels that a processor's documents are shown with where the setting is left alone. */
const ownPanels = (): [processor: string, query: string][] =>
  Object.entries(processors).flatMap(([name, { panels = [] }]) =>
    panels.flatMap((panel): [string, string][] => {
      const [, query] = panel.split(" = ");
      return query === undefined ? [] : [[name, query]];
    }),
  );

describe("the panels of docs/processors.md, and those that processors bring along", () => {
  const panels = panelsOfPage();

  it("are there for every processor that makes documents of its own", () => {
    const shown = new Set(panels.map(([name]) => name));
    const ownDocuments = Object.keys(processors).filter(
      (name) => !["identity", "map", "redact", "unpack"].includes(name),
    );
    assert.deepEqual([...shown].sort(), ownDocuments.sort());
    assert.deepEqual([...new Set(ownPanels().map(([name]) => name))].sort(), ownDocuments.sort());
  });

  const both = new Map([...panels, ...ownPanels()].map((panel) => [panel.join(), panel]));
  for (const [name, query] of both.values()) {
    it(`${name}: ${query} counts what it means`, () => {
      const meaning = meanings[query];
      assert.ok(meaning, "say in this file what the panel means");
      const documents = fixtures(name)
        .flatMap(({ output }) => output)
        .filter((document) => typeof document === "object");
      const expected = documents.filter(meaning).length;
      assert.ok(expected > 0, "no document of the fixtures is counted");
      const index = smallIndex(
        documents,
        mappingOf({
          settings: {},
          mappings: mappingsOf(processors[name]!.fields) as Record<string, unknown>,
        }),
      );
      assert.deepEqual(index.refusals, []);
      const found = index.find(query);
      assert.equal(found === "error" ? found : found.length, expected);
    });
  }
});
