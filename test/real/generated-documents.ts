/** Generated events as documents: written to real nodes and to the embedded index, and looked for there. */
import { strict as assert } from "node:assert";
import { indexTemplate } from "../../infra/domain/object-bodies";
import type { EmbeddedIndex } from "../../local/rooms";
import { processorChain } from "../../processors";
import { transformHandlerFactory } from "../../processors/handler";
import type { Processor } from "../../processors/processor";
import { eventOf } from "../processors/emitted";
import type { GeneratedEvent } from "./generated-events";

const perRequest = 500;

export interface Template {
  readonly settings: Record<string, unknown>;
  readonly mappings: Record<string, unknown>;
}

/** What the program gives new indices of a chain. */
export function templateOf(name: string, engineVersion: string): Template {
  const { template } = indexTemplate(
    { baseName: name, owner: "test" },
    {
      indexName: name,
      indexRotation: "NoRotation",
      engineVersion,
      instanceCount: 1,
      indexRetentionDays: 1,
      processorChain: processorChain(name) as Processor[],
    },
  ).body as unknown as { template: Template };
  return template;
}

/** The documents of a chain, as many as texts and in their order. */
export async function documentsOf(name: string, texts: readonly string[]): Promise<string[]> {
  const handler = transformHandlerFactory(processorChain(name) as Processor[])();
  const documents: string[] = [];
  for (let at = 0; at < texts.length; at += perRequest) {
    const records = texts
      .slice(at, at + perRequest)
      .map((text, i) =>
        name === "json-events"
          ? text
          : JSON.stringify({ messageType: "DATA_MESSAGE", logEvents: [{ id: `${at + i}`, message: text }] }),
      );
    const answer = await handler(eventOf(records));
    for (const { result, data } of answer.records) {
      assert.equal(result, "Ok");
      documents.push(Buffer.from(data!, "base64").toString("utf8"));
    }
  }
  return documents;
}

/** The parts of a node that tests call. */
export interface CalledNode {
  call(method: string, path: string, body?: string): Promise<{ status: number; body: string }>;
}

/** An index of a real node. */
export class RealIndex {
  constructor(
    private readonly node: CalledNode,
    private readonly index: string,
  ) {}

  async call(method: string, path: string, body?: string) {
    const answer = await this.node.call(method, path, body);
    assert.equal(answer.status, 200, answer.body.slice(0, 1000));
    return JSON.parse(answer.body);
  }

  /** Makes the index and writes into it; gives the places of what was refused, which may be for its fields' number. */
  async fill(template: Template, documents: readonly string[]): Promise<number[]> {
    await this.call("PUT", `/${this.index}`, JSON.stringify(template));
    const refused: number[] = [];
    for (let at = 0; at < documents.length; at += perRequest) {
      const lines = documents
        .slice(at, at + perRequest)
        .map((document, i) => `{"index":{"_id":"${at + i}"}}\n${document}\n`);
      const { items } = await this.call("POST", `/${this.index}/_bulk`, lines.join(""));
      for (const { index } of items) {
        if (!index.error) continue;
        assert.match(index.error.reason, /^Limit of total fields/, documents[+index._id]);
        refused.push(+index._id);
      }
    }
    await this.call("POST", `/${this.index}/_refresh`);
    return refused;
  }

  /** Ids of the first two documents of each query. */
  async find(queries: readonly string[]): Promise<string[][]> {
    const lines = queries.map(
      (query) => `{}\n${JSON.stringify({ size: 2, _source: false, query: { query_string: { query } } })}\n`,
    );
    const { responses } = await this.call("POST", `/${this.index}/_msearch`, lines.join(""));
    return responses.map(({ hits, error }: { hits: { hits: { _id: string }[] }; error: unknown }) => {
      assert.equal(error, undefined, JSON.stringify(error));
      return hits.hits.map(({ _id }) => _id);
    });
  }

  async count(query: string): Promise<number> {
    return (
      await this.call("POST", `/${this.index}/_count`, JSON.stringify({ query: { query_string: { query } } }))
    ).count;
  }
}

/** The same of the embedded index. */
export async function fillEmbedded(
  index: EmbeddedIndex,
  name: string,
  documents: readonly string[],
): Promise<number[]> {
  const refusals = await index.write(
    documents.map((source, i) => ({
      seq: i + 1,
      id: `${i}`,
      index: name,
      arrivalMs: 1_772_366_400_000,
      source,
    })),
  );
  const failed = refusals.length;
  const indexed = documents.length - failed;
  await index.settle({ throughSeq: documents.length, indexed, dropped: 0, failed, failedObjects: [] });
  return refusals.map(({ position }) => position);
}

export async function findEmbedded(index: EmbeddedIndex, queries: readonly string[]): Promise<string[][]> {
  const found: string[][] = [];
  for (const query of queries) {
    const { hits } = await index.search({ query, from: 0, size: 2 });
    found.push(hits.map(({ _id }) => _id));
  }
  return found;
}

/** A value of an event, which is in that event alone. */
export interface Wanted {
  readonly word: string;
  readonly id: string;
  readonly text: string;
}

/** Values of an event of so many fields that some are texts in `overflow`. */
const wide = 40;

/**
 * `count` values of events in all parts of the list and of each wide one, three of each at most; of none that has a name with `_` in front,
 * as a search that names no field leaves such out, as it does metadata.
 */
export function sampleValues(
  events: readonly GeneratedEvent[],
  documents: readonly string[],
  count: number,
): Wanted[] {
  const every = Math.max(1, Math.floor((events.length * 2) / count));
  const wanted: Wanted[] = [];
  for (let at = 0; at < events.length && wanted.length < count; at++) {
    const { words, text } = events[at]!;
    if (at % every > 0 && words.length < wide) continue;
    if (Object.keys(JSON.parse(documents[at]!)).some((key) => key.startsWith("_"))) continue;
    for (const word of new Set([...words.slice(0, 2), ...words.slice(-1)]))
      wanted.push({ word, id: `${at}`, text });
  }
  return wanted.slice(0, count);
}

export async function findAll(
  where: string,
  wanted: readonly Wanted[],
  find: (queries: readonly string[]) => Promise<string[][]>,
): Promise<void> {
  for (let at = 0; at < wanted.length; at += perRequest) {
    const part = wanted.slice(at, at + perRequest);
    const found = await find(part.map(({ word }) => word));
    part.forEach(({ word, id, text }, i) => {
      assert.deepEqual(found[i], [id], `${where}: ${word} of ${text.slice(0, 2000)}`);
    });
  }
}
