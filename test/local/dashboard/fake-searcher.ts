/**
 * A Searcher over a list in memory, for tests of the dashboard. It knows words, `field:word`, `"…"`, AND, OR, NOT and
 * brackets, as the tests need them; the real language is tested with the embedded index.
 */
import {
  type Bars,
  type Histogram,
  type Hit,
  type HitPage,
  type MatchCount,
  type Page,
  type PanelCounter,
  type Patience,
  QueryError,
  type Searcher,
  type SearchRequest,
  type SeenFields,
} from "../../../local/rooms";

type Matches = (document: Record<string, unknown>) => boolean;

export class FakeSearcher implements Searcher, PanelCounter {
  /** Oldest first. */
  readonly hits: Hit[] = [];

  constructor(private panelQueries: readonly string[] = ["", "message:bye", "message:hello"]) {}

  async setPanels(panels: readonly { readonly query: string }[]): Promise<void> {
    this.panelQueries = panels.map(({ query }) => query);
  }

  add(source: string, timestampMs = Date.now(), _index = "example-2026-03-01-09"): void {
    this.hits.push({ _index, _id: String(this.hits.length + 1), source, timestampMs, hasOwnTime: true });
  }

  async search(request: SearchRequest & Page, _patience?: Patience): Promise<HitPage> {
    const found = this.matching(request).reverse();
    const from = request.from ?? 0;
    return { total: found.length, hits: found.slice(from, from + (request.size ?? 10)), timedOut: false };
  }

  async count(request: SearchRequest, _patience?: Patience): Promise<MatchCount> {
    return { count: this.matching(request).length, timedOut: false };
  }

  async panelCounts(_patience?: Patience) {
    return this.panelQueries.map((query) => this.matching({ query }).length);
  }

  async histogram(request: SearchRequest & Bars, _patience?: Patience): Promise<Histogram> {
    const bars = new Map<number, number>();
    for (const { timestampMs } of this.matching(request)) {
      const startMs = Math.floor(timestampMs / request.intervalMs) * request.intervalMs;
      bars.set(startMs, (bars.get(startMs) ?? 0) + 1);
    }
    return {
      bars: [...bars].map(([startMs, count]) => ({ startMs, count })).sort((a, b) => a.startMs - b.startMs),
      timedOut: false,
    };
  }

  async fields(request: SearchRequest & { sample?: number }, _patience?: Patience): Promise<SeenFields> {
    const counts = new Map<string, Map<string, number>>();
    for (const { source } of this.matching(request).slice(-(request.sample ?? 500))) {
      for (const [name, value] of leaves(JSON.parse(source))) {
        const values = counts.get(name) ?? new Map<string, number>();
        values.set(String(value), (values.get(String(value)) ?? 0) + 1);
        counts.set(name, values);
      }
    }
    const fields = [...counts].map(([name, values]) => ({
      name,
      type: [...values.keys()].every((value) => /^-?\d+$/.test(value)) ? "long" : "text",
      top: [...values]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, 5),
    }));
    return { fields, timedOut: false };
  }

  async indices() {
    const names = [...new Set(this.hits.map((hit) => hit._index))].sort();
    return names.map((index) => {
      const own = this.hits.filter((hit) => hit._index === index);
      return { index, count: own.length, bytes: own.reduce((sum, hit) => sum + hit.source.length * 2, 0) };
    });
  }

  async *scan(request: SearchRequest) {
    const found = this.matching(request);
    for (let at = 0; at < found.length; at += 1_000) yield found.slice(at, at + 1_000);
  }

  private matching({ query, index, fromMs = -Infinity, toMs = Infinity }: SearchRequest): Hit[] {
    const matches = parseQuery(query);
    return this.hits.filter(
      (hit) =>
        (!index || index.split("*").every((part) => hit._index.includes(part))) &&
        hit.timestampMs >= fromMs &&
        hit.timestampMs < toMs &&
        matches({ _id: hit._id, _index: hit._index, ...JSON.parse(hit.source) }),
    );
  }
}

function leaves(value: unknown, name = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, name ? `${name}.${key}` : key));
}

/** As OpenSearch does: AND makes both sides required, NOT excludes, the rest is optional. */
export function parseQuery(query: string): Matches {
  const tokens = [...query.matchAll(/\s+|[()]|(?:[\w.@]+:)?(?:"[^"]*"|[^\s()"]+)|"/g)]
    .map((match) => ({ text: match[0], position: match.index }))
    .filter(({ text }) => text.trim() !== "");
  let at = 0;
  const fail = (message: string, position = tokens[at]?.position ?? query.length): never => {
    throw new QueryError({ message, position });
  };
  const group = (): Matches => {
    const clauses: { matches: Matches; occur: "must" | "should" | "not" }[] = [];
    while (at < tokens.length && tokens[at]!.text !== ")") {
      const operator = ["AND", "OR"].includes(tokens[at]!.text) ? tokens[at++]!.text : undefined;
      if (operator && clauses.length === 0)
        fail(`${operator} needs something before it`, tokens[at - 1]!.position);
      const not = tokens[at]?.text === "NOT";
      if (not) at += 1;
      const last = clauses.at(-1);
      if (operator === "AND" && last?.occur === "should") last.occur = "must";
      clauses.push({ matches: clause(), occur: not ? "not" : operator === "AND" ? "must" : "should" });
    }
    const required = clauses.some(({ occur }) => occur === "must");
    const optional = clauses.filter(({ occur }) => occur === "should");
    return (document) =>
      clauses.every(({ matches, occur }) => occur === "should" || matches(document) === (occur === "must")) &&
      (required || optional.length === 0 || optional.some(({ matches }) => matches(document)));
  };
  const clause = (): Matches => {
    const token = tokens[at++];
    if (token === undefined || token.text === ")") return fail("Something is missing here", token?.position);
    if (token.text.startsWith('"') && token.text.length === 1)
      return fail('A " is not closed', token.position);
    if (/(^|:)\//.test(token.text))
      return fail('A "/" begins a regular expression; write \\/', token.position);
    if (token.text !== "(") return term(token.text);
    const inner = group();
    if (tokens[at]?.text !== ")") fail('A "(" is not closed', token.position);
    at += 1;
    return inner;
  };
  const all = group();
  if (at < tokens.length) fail('A ")" too many');
  return all;
}

function term(text: string): Matches {
  const [, field, word] = /^(?:([\w.@]+):)?"?([^"]*)"?$/.exec(text)!;
  const wanted = word!.toLowerCase();
  return (document) =>
    leaves(document).some(
      ([name, value]) =>
        (field === undefined || name === field || `${name}.keyword` === field) &&
        (String(value)
          .toLowerCase()
          .split(/[\s<>]+/)
          .includes(wanted) ||
          String(value).toLowerCase() === wanted),
    );
}
