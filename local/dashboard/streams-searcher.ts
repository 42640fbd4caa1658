/** Several streams' documents as the page asks them, in one list: each document says which stream it came through. */
import type {
  Bars,
  Histogram,
  HistogramBar,
  Hit,
  HitPage,
  IndexSize,
  MatchCount,
  Page,
  Patience,
  Searcher,
  SearchRequest,
  SeenField,
  SeenFields,
} from "../rooms";

export interface SearchedStream {
  readonly name: string;
  readonly searcher: Searcher;
}

/** Values of a field that are shown. */
const topValues = 10;

export class StreamsSearcher implements Searcher {
  constructor(private readonly streams: readonly SearchedStream[]) {}

  async search(request: SearchRequest & Page, patience?: Patience): Promise<HitPage> {
    const { from = 0, size = 10, maxBytes = Number.POSITIVE_INFINITY } = request;
    const pages = await this.each(({ searcher }) =>
      searcher.search({ ...request, from: 0, size: from + size }, patience),
    );
    const lists = pages.map(({ hits, total }, at) => ({
      hits: this.named(hits, at),
      // A page may end early by its size; what comes behind its end is not known then.
      isWhole: hits.length >= Math.min(from + size, total),
    }));
    const hits = newestOf(lists, from + size).slice(from);
    return {
      total: pages.reduce((sum, { total }) => sum + total, 0),
      hits: upTo(maxBytes, hits),
      timedOut: anyOf(pages),
    };
  }

  async count(request: SearchRequest, patience?: Patience): Promise<MatchCount> {
    const counts = await this.each(({ searcher }) => searcher.count(request, patience));
    return { count: counts.reduce((sum, { count }) => sum + count, 0), timedOut: anyOf(counts) };
  }

  /** Panels are a stream's own. */
  async panelCounts(): Promise<number[]> {
    return [];
  }

  async histogram(request: SearchRequest & Bars, patience?: Patience): Promise<Histogram> {
    const parts = await this.each(({ searcher }) => searcher.histogram(request, patience));
    return { bars: sumOfBars(parts), timedOut: anyOf(parts) };
  }

  /** Of a field that is another type in another stream the first one counts. */
  async fields(request: SearchRequest & { sample?: number }, patience?: Patience): Promise<SeenFields> {
    const parts = await this.each(({ searcher }) => searcher.fields(request, patience));
    const fields = new Map<string, SeenField>();
    for (const field of parts.flatMap((part) => part.fields)) {
      const known = fields.get(field.name);
      fields.set(field.name, known ? { ...known, top: topOf([...known.top, ...field.top]) } : field);
    }
    return { fields: [...fields.values()], timedOut: anyOf(parts) };
  }

  /** Two streams may write to one name. */
  async indices(patience?: Patience): Promise<IndexSize[]> {
    const all = (await this.each(({ searcher }) => searcher.indices(patience))).flat();
    const byName = new Map<string, IndexSize>();
    for (const { index, count, bytes } of all) {
      const known = byName.get(index);
      byName.set(index, { index, count: count + (known?.count ?? 0), bytes: bytes + (known?.bytes ?? 0) });
    }
    return [...byName.values()];
  }

  /** A page of each stream is held at a time. */
  async *scan(request: SearchRequest, patience?: Pick<Patience, "signal">): AsyncIterable<Hit[]> {
    const scans = this.streams.map(
      ({ searcher }, at) => new Scan(searcher.scan(request, patience), (hits) => this.named(hits, at)),
    );
    try {
      await Promise.all(scans.map((scan) => scan.fill()));
      for (;;) {
        const first = scans.reduce((a, b) => (b.atMs < a.atMs ? b : a));
        if (first.atMs === Number.POSITIVE_INFINITY) return;
        // What no other stream has anything before goes at once.
        const others = Math.min(...scans.filter((scan) => scan !== first).map(({ atMs }) => atMs));
        yield first.takeThrough(others);
        await first.fill();
      }
    } finally {
      await Promise.all(scans.map((scan) => scan.close()));
    }
  }

  private each<T>(ask: (stream: SearchedStream) => Promise<T>): Promise<T[]> {
    return Promise.all(this.streams.map(ask));
  }

  private named(hits: readonly Hit[], at: number): Hit[] {
    const { name: stream } = this.streams[at]!;
    return hits.map((hit) => ({ ...hit, stream }));
  }
}

export function sumOfBars(parts: readonly Histogram[]): HistogramBar[] {
  const counts = new Map<number, number>();
  for (const { startMs, count } of parts.flatMap(({ bars }) => bars))
    counts.set(startMs, (counts.get(startMs) ?? 0) + count);
  const bars = [...counts].map(([startMs, count]) => ({ startMs, count }));
  return bars.sort((a, b) => a.startMs - b.startMs);
}

const anyOf = (parts: readonly { readonly timedOut: boolean }[]): boolean =>
  parts.some(({ timedOut }) => timedOut);

/** Merges lists that are each the newest first; ends where the next one of a list is not known. */
function newestOf(
  lists: readonly { readonly hits: readonly Hit[]; readonly isWhole: boolean }[],
  most: number,
): Hit[] {
  const places = lists.map(() => 0);
  const merged: Hit[] = [];
  while (merged.length < most) {
    let newest: number | undefined;
    for (const [at, { hits, isWhole }] of lists.entries()) {
      const hit = hits[places[at]!];
      if (!hit && !isWhole) return merged;
      if (
        hit &&
        (newest === undefined || hit.timestampMs > lists[newest]!.hits[places[newest]!]!.timestampMs)
      )
        newest = at;
    }
    if (newest === undefined) return merged;
    merged.push(lists[newest]!.hits[places[newest]!++]!);
  }
  return merged;
}

/** The first one is always there. */
function upTo(maxUnits: number, hits: readonly Hit[]): Hit[] {
  let units = 0;
  const end = hits.findIndex(({ source }, place) => {
    units += source.length;
    return place > 0 && units > maxUnits;
  });
  return end < 0 ? [...hits] : hits.slice(0, end);
}

function topOf(values: SeenField["top"]): SeenField["top"] {
  const counts = new Map<string, number>();
  for (const { value, count } of values) counts.set(value, (counts.get(value) ?? 0) + count);
  const sorted = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  return sorted.slice(0, topValues);
}

/** What one stream's scan has read and not handed on. */
class Scan {
  private readonly pages: AsyncIterator<Hit[]>;
  private hits: Hit[] = [];

  constructor(
    pages: AsyncIterable<Hit[]>,
    private readonly name: (hits: readonly Hit[]) => Hit[],
  ) {
    this.pages = pages[Symbol.asyncIterator]();
  }

  /** Time of the next document; for ever where there is none. */
  get atMs(): number {
    return this.hits[0]?.timestampMs ?? Number.POSITIVE_INFINITY;
  }

  async fill(): Promise<void> {
    while (this.hits.length === 0) {
      const next = await this.pages.next();
      if (next.done) return;
      this.hits = this.name(next.value);
    }
  }

  takeThrough(endMs: number): Hit[] {
    const end = this.hits.findIndex(({ timestampMs }) => timestampMs > endMs);
    return this.hits.splice(0, end < 0 ? this.hits.length : end);
  }

  async close(): Promise<void> {
    await this.pages.return?.();
  }
}
