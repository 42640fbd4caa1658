/** Asks a real OpenSearch what the embedded index is asked otherwise, through the same interface. */
import {
  type Bars,
  type Histogram,
  type Hit,
  type HitPage,
  type IndexSize,
  type MatchCount,
  type Page,
  QueryError,
  type Searcher,
  type SearchRequest,
  type SeenFields,
} from "../rooms";

export interface OpenSearchSearcherOptions {
  /** Such as `https://user:password@host:9200`. */
  readonly url: string;
  /** Start of the index names; only `<indexName>*` is asked. */
  readonly indexName: string;
  readonly panels: readonly { readonly query: string }[];
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of the search API
type Json = any;

/** Numbers that a double cannot hold keep their digits; `JSON.stringify` writes them as they came. */
export function parseKeepingDigits(text: string): Json {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  const revive = (_key: string, value: unknown, context: { source?: string }): unknown =>
    typeof value === "number" && context.source !== undefined && String(value) !== context.source
      ? rawJSON(context.source)
      : value;
  return JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]);
}

export class OpenSearchSearcher implements Searcher {
  private readonly base: string;
  private readonly headers: Record<string, string> = { "content-type": "application/json" };

  constructor(private readonly options: OpenSearchSearcherOptions) {
    const url = new URL(options.url);
    if (url.username !== "") {
      const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      this.headers["authorization"] = `Basic ${Buffer.from(login).toString("base64")}`;
    }
    url.username = "";
    url.password = "";
    this.base = url.href.replace(/\/$/, "");
  }

  async search(request: SearchRequest & Page): Promise<HitPage> {
    const { from = 0, size = 10 } = request;
    const { hits } = await this.ask(request, "_search", {
      query: queryOf(request),
      from,
      size,
      track_total_hits: true,
      sort: [{ "@timestamp": { order: "desc", unmapped_type: "date" } }],
    });
    return { total: hits.total.value, hits: hits.hits.map(hitOf), timedOut: false };
  }

  async count(request: SearchRequest): Promise<MatchCount> {
    const { count } = await this.ask(request, "_count", { query: queryOf(request) });
    return { count, timedOut: false };
  }

  panelCounts(): Promise<number[]> {
    return Promise.all(this.options.panels.map(async ({ query }) => (await this.count({ query })).count));
  }

  async histogram(request: SearchRequest & Bars): Promise<Histogram> {
    const date_histogram = {
      field: "@timestamp",
      fixed_interval: `${request.intervalMs}ms`,
      min_doc_count: 1,
    };
    const { aggregations } = await this.ask(request, "_search", {
      query: queryOf(request),
      size: 0,
      aggs: { time: { date_histogram } },
    });
    const buckets: { key: number; doc_count: number }[] = aggregations?.time?.buckets ?? [];
    return {
      bars: buckets.map(({ key, doc_count }) => ({ startMs: key, count: doc_count })),
      timedOut: false,
    };
  }

  async fields(request: SearchRequest & { sample?: number }): Promise<SeenFields> {
    const { hits } = await this.search({ ...request, size: Math.min(request.sample ?? 500, 10_000) });
    const seen = new Map<string, { type: string; values: Map<string, number> }>();
    for (const { source } of hits) {
      for (const [name, value] of leavesOf(JSON.parse(source))) {
        const field = seen.get(name) ?? { type: typeof value, values: new Map() };
        field.values.set(String(value), (field.values.get(String(value)) ?? 0) + 1);
        seen.set(name, field);
      }
    }
    const fields = [...seen].map(([name, { type, values }]) => {
      const top = [...values].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
      return { name, type, top: top.slice(0, 5) };
    });
    return { fields, timedOut: false };
  }

  async indices(): Promise<IndexSize[]> {
    const path = `/_cat/indices/${this.options.indexName}*?format=json&bytes=b&h=index,docs.count,store.size&s=index`;
    const rows: Record<string, string>[] = await this.send("GET", path);
    return rows.map((row) => ({
      index: row["index"]!,
      count: Number(row["docs.count"]),
      bytes: Number(row["store.size"]),
    }));
  }

  async *scan(request: SearchRequest): AsyncIterable<Hit[]> {
    const size = 1000;
    const sort = [{ "@timestamp": { order: "asc", unmapped_type: "date" } }, { _id: "asc" }];
    let after: unknown;
    for (;;) {
      const body = { query: queryOf(request), size, sort, ...(after ? { search_after: after } : {}) };
      const { hits } = await this.ask(request, "_search", body);
      if (hits.hits.length > 0) yield hits.hits.map(hitOf);
      if (hits.hits.length < size) return;
      after = hits.hits.at(-1).sort;
    }
  }

  private ask({ index }: SearchRequest, operation: string, body: object): Promise<Json> {
    const target = encodeURIComponent(
      index === undefined || index === "" ? `${this.options.indexName}*` : index,
    );
    return this.send("POST", `/${target}/${operation}?ignore_unavailable=true&allow_no_indices=true`, body);
  }

  private async send(method: string, path: string, body?: object): Promise<Json> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: this.headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const answer = parseKeepingDigits(await response.text());
    if (response.ok) return answer;
    const message: string =
      answer?.error?.root_cause?.[0]?.reason ?? answer?.error?.reason ?? `HTTP ${response.status}`;
    if (response.status === 400) throw new QueryError({ message });
    throw new Error(`OpenSearch answered ${response.status}: ${message}`);
  }
}

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

function hitOf({ _index, _id, _source }: Json): Hit {
  return {
    _index,
    _id,
    source: JSON.stringify(_source),
    timestampMs: Date.parse(_source["@timestamp"]) || 0,
    hasOwnTime: true,
  };
}

/** Every value below an object with its dotted name; lists give each of their values. */
function* leavesOf(value: unknown, name = ""): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    for (const one of value) yield* leavesOf(one, name);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, one] of Object.entries(value))
      yield* leavesOf(one, name === "" ? key : `${name}.${key}`);
  } else if (value !== null) {
    yield [name, value];
  }
}
