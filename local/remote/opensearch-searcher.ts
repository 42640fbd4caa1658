/** Asks a real OpenSearch what the embedded index is asked otherwise, through the same interface. */
import { namesMatcher } from "../name-pattern";
import {
  type Bars,
  type FieldCharts,
  type Histogram,
  type Hit,
  type HitPage,
  type IndexSize,
  type MatchCount,
  type Page,
  type PanelCounter,
  type Patience,
  QueryError,
  type Searcher,
  type SearchRequest,
  type SeenFields,
  tooManyBars,
} from "../rooms";
import { RemoteCharts } from "./charts";
import { AnswerTimedOut, AnswerTooLarge, type Json, SearchApi } from "./search-api";
import { seenFields } from "./seen-fields";

export interface OpenSearchSearcherOptions {
  /** Such as `https://user:password@host:9200`. */
  readonly url: string;
  /** Start of the index names; only what a stream makes of it is asked: another stream's may begin with it too. */
  readonly indexName: string;
  readonly panels: readonly { readonly query: string }[];
  /** Of one answer of the server. @default 24 MiB */
  readonly maxAnswerBytes?: number;
}

/** Newest first; a document without a time comes last. */
const newestFirst = [{ "@timestamp": { order: "desc", unmapped_type: "date" } }];
const oldestFirst = [{ "@timestamp": { order: "asc", unmapped_type: "date" } }, { _id: "asc" }];
const scanPage = 1000;

export class OpenSearchSearcher implements Searcher, PanelCounter {
  private readonly api: SearchApi;
  /** The index without a time in its name, and those with one. */
  private readonly own: string;
  private panels: OpenSearchSearcherOptions["panels"];

  constructor(private readonly options: OpenSearchSearcherOptions) {
    this.panels = options.panels;
    this.api = new SearchApi(options.url, options.maxAnswerBytes);
    this.own = `${options.indexName},${options.indexName}-20*`;
  }

  async search(request: SearchRequest & Page, patience: Patience = {}): Promise<HitPage> {
    const { from = 0, size = 10, maxBytes = Number.POSITIVE_INFINITY } = request;
    const body = { from, size, track_total_hits: true, sort: newestFirst };
    const answer = await this.askInParts(request, body, patience);
    return {
      total: answer?.hits?.total?.value ?? 0,
      hits: upTo(maxBytes, answer?.hits?.hits ?? []),
      timedOut: timedOut(answer),
    };
  }

  /** By `_search`, as `_count` knows no time limit. */
  async count(request: SearchRequest, patience: Patience = {}): Promise<MatchCount> {
    const answer = await this.ask(request, { size: 0, track_total_hits: true }, patience);
    return { count: answer?.hits?.total?.value ?? 0, timedOut: timedOut(answer) };
  }

  /** Charts over one field. */
  get charts(): FieldCharts {
    return new RemoteCharts((request, body, patience) => this.ask(request, body, patience));
  }

  async setPanels(panels: OpenSearchSearcherOptions["panels"]): Promise<void> {
    this.panels = panels;
  }

  panelCounts(patience: Patience = {}): Promise<number[]> {
    return Promise.all(this.panels.map(async ({ query }) => (await this.count({ query }, patience)).count));
  }

  async histogram(request: SearchRequest & Bars, patience: Patience = {}): Promise<Histogram> {
    const { intervalMs, maxBars = Number.POSITIVE_INFINITY } = request;
    const date_histogram = { field: "@timestamp", fixed_interval: `${intervalMs}ms`, min_doc_count: 1 };
    const answer = await this.ask(request, { size: 0, aggs: { time: { date_histogram } } }, patience);
    const buckets: { key: number; doc_count: number }[] = answer?.aggregations?.time?.buckets ?? [];
    if (buckets.length > maxBars) throw new QueryError({ message: tooManyBars(intervalMs, maxBars) });
    return {
      bars: buckets.map(({ key, doc_count }) => ({ startMs: key, count: doc_count })),
      timedOut: timedOut(answer),
    };
  }

  async fields(request: SearchRequest & { sample?: number }, patience: Patience = {}): Promise<SeenFields> {
    const size = Math.min(request.sample ?? 500, 10_000);
    const { hits, timedOut } = await this.search({ ...request, size }, patience);
    return { fields: seenFields(hits), timedOut };
  }

  async indices(patience: Patience = {}): Promise<IndexSize[]> {
    const columns = "h=index,docs.count,store.size&s=index";
    const path = `/_cat/indices/${this.options.indexName}*?format=json&bytes=b&${columns}`;
    const rows: Record<string, string>[] = await this.api.ask("GET", path, undefined, patience);
    const isOwn = namesMatcher(this.own);
    return rows
      .map((row) => ({
        index: row["index"]!,
        count: Number(row["docs.count"]),
        bytes: Number(row["store.size"]),
      }))
      .filter(({ index }) => isOwn(index));
  }

  async *scan(request: SearchRequest, patience: Pick<Patience, "signal"> = {}): AsyncIterable<Hit[]> {
    let after: unknown;
    let size = scanPage;
    for (;;) {
      const body = { size, sort: oldestFirst, ...(after ? { search_after: after } : {}) };
      const { hits, asked } = await this.askInParts(request, body, patience);
      if (hits.hits.length > 0) yield hits.hits.map(hitOf);
      if (hits.hits.length < asked) return;
      after = hits.hits.at(-1).sort;
      size = asked;
    }
  }

  /** With half as many documents, and half of those, where the answer is larger than is read; says how many were asked for. */
  private async askInParts(
    request: SearchRequest,
    body: { readonly size: number; readonly [name: string]: unknown },
    patience: Patience,
  ): Promise<Json> {
    for (let size = body.size; ; size = Math.ceil(size / 2)) {
      try {
        return { ...(await this.ask(request, { ...body, size }, patience)), asked: size };
      } catch (error) {
        if (!(error instanceof AnswerTooLarge) || size <= 1) throw error;
      }
    }
  }

  /** Undefined where the server did not answer in time. */
  private async ask(request: SearchRequest, body: object, patience: Patience): Promise<Json | undefined> {
    const target = await this.targetOf(request.index, patience);
    if (target === "") return { hits: { total: { value: 0 }, hits: [] }, timed_out: false };
    const path = `/${encodeURIComponent(target)}/_search?ignore_unavailable=true&allow_no_indices=true`;
    const timeout = patience.timeoutMs === undefined ? {} : { timeout: `${patience.timeoutMs}ms` };
    try {
      return await this.api.ask("POST", path, { query: queryOf(request), ...timeout, ...body }, patience);
    } catch (error) {
      if (error instanceof AnswerTimedOut && patience.timeoutMs !== undefined) return undefined;
      throw error;
    }
  }

  /** The stream's own indices alone, whatever the pattern would match on the server; "" = none. */
  private async targetOf(index: string | undefined, patience: Patience): Promise<string> {
    if (index === undefined || index === "") return this.own;
    const matches = namesMatcher(index);
    const own = await this.indices(patience);
    return own
      .map((one) => one.index)
      .filter(matches)
      .join(",");
  }
}

const timedOut = (answer: Json | undefined): boolean => answer === undefined || answer.timed_out === true;

function queryOf({ query, fromMs, toMs }: SearchRequest): object {
  const text = query.trim();
  const must =
    text === ""
      ? { match_all: {} }
      : { query_string: { query: text, analyze_wildcard: true, time_zone: "UTC" } };
  if (fromMs === undefined && toMs === undefined) return must;
  const range = { "@timestamp": { gte: fromMs, lt: toMs, format: "epoch_millis" } };
  return { bool: { must, filter: [{ range }] } };
}

/** The first hits that have no more than so many UTF-16 units together, one at least. */
function upTo(maxUnits: number, answered: Json[]): Hit[] {
  const hits: Hit[] = [];
  let units = 0;
  for (const one of answered) {
    const hit = hitOf(one);
    units += hit.source.length;
    if (hits.length > 0 && units > maxUnits) break;
    hits.push(hit);
  }
  return hits;
}

/** The greatest time that a date can be, in milliseconds; a document without a time sorts beyond it. */
const latestMs = 8.64e15;

function hitOf({ _index, _id, _source, _ignored, sort }: Json): Hit {
  const [ms] = (sort ?? []) as unknown[];
  const hasOwnTime = typeof ms === "number" && Math.abs(ms) <= latestMs;
  return {
    _index,
    _id,
    source: JSON.stringify(_source),
    // When the record arrived is not known here.
    timestampMs: hasOwnTime ? ms : 0,
    hasOwnTime,
    ...(Array.isArray(_ignored) && _ignored.length > 0 ? { ignored: _ignored } : {}),
  };
}
