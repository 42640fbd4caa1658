/** Answers questions over all indices of the file, each from one consistent state of it. */
import type { DatabaseSync } from "node:sqlite";
import {
  type Bars,
  type Histogram,
  type Hit,
  type HitPage,
  type IndexSize,
  type MatchCount,
  type Page,
  QueryError,
  type SearchRequest,
  type SeenFields,
  tooManyBars,
} from "../../rooms";
import type { FindRequest, Found, MappedIndex } from "../../search-body";
import { readIndexRows } from "../file/tables";
import { findIn } from "./body/find";
import { mappedIndex } from "./body/mapped-index";
import { seenFields } from "./field-summary";
import { Scan } from "./scan";
import { type FoundRef, SearchedIndices } from "./searched";
import { documentOf, hitReader } from "./stored-documents";
import { type Clockwork, WorkLimit } from "./work-limit";

/** The page of an answer, and the number of all matches. */
interface Newest {
  readonly total: number;
  readonly refs: FoundRef[];
}

export class IndexReader {
  private readonly indicesAsked: SearchedIndices;
  private readonly scans = new Map<number, Scan>();
  private scanCount = 0;

  constructor(
    private readonly db: DatabaseSync,
    private readonly clockwork?: Clockwork,
  ) {
    this.indicesAsked = new SearchedIndices(db);
  }

  private snapshot<T>(timeoutMs: number | undefined, work: (limit: WorkLimit) => T): T {
    const limit = new WorkLimit(this.clockwork, timeoutMs);
    this.db.exec("BEGIN");
    try {
      return work(limit);
    } finally {
      this.db.exec("COMMIT");
    }
  }

  count(request: SearchRequest, timeoutMs?: number): MatchCount {
    return this.snapshot(timeoutMs, (limit) => {
      const ask = this.indicesAsked.asking(request, limit);
      let count = 0;
      for (const row of this.indicesAsked.rows(request.index)) count += ask(row).matches.count();
      return { count, timedOut: limit.timedOut };
    });
  }

  search(request: SearchRequest & Page, timeoutMs?: number): HitPage {
    const { from = 0, size = 10, maxBytes = Number.POSITIVE_INFINITY } = request;
    return this.snapshot(timeoutMs, (limit) => {
      const { total, refs } = this.newest(request, from + size, limit);
      const hits: Hit[] = [];
      let bytes = 0;
      for (const { seq, searched } of refs.slice(from)) {
        const one = hitReader(this.db, searched)(seq);
        bytes += one.source.length;
        if (hits.length > 0 && bytes > maxBytes) break;
        hits.push(one);
      }
      return { total, hits, timedOut: limit.timedOut };
    });
  }

  /** The newest matches over all indices. */
  private newest(request: SearchRequest, most: number, limit: WorkLimit): Newest {
    const ask = this.indicesAsked.asking(request, limit);
    const rows = this.indicesAsked.rows(request.index);
    rows.sort((a, b) => b.maxMs - a.maxMs || b.number - a.number);
    let refs: FoundRef[] = [];
    let total = 0;
    for (const row of rows) {
      const searched = ask(row);
      const oldest = refs.at(-1);
      const isEnough = refs.length >= most && oldest !== undefined && oldest.ts > row.maxMs;
      const found = searched.matches.newest(isEnough ? 0 : most);
      total += found.total;
      if (found.refs.length === 0) continue;
      refs = refs.concat(found.refs.map((ref) => ({ ...ref, searched })));
      refs.sort((a, b) => b.ts - a.ts || b.seq - a.seq);
      refs.length = Math.min(refs.length, most);
    }
    return { total, refs };
  }

  histogram(request: SearchRequest & Bars, timeoutMs?: number): Histogram {
    const { intervalMs, maxBars = Number.POSITIVE_INFINITY } = request;
    return this.snapshot(timeoutMs, (limit) => {
      const counts = new Map<number, number>();
      const ask = this.indicesAsked.asking(request, limit);
      for (const row of this.indicesAsked.rows(request.index)) {
        ask(row).matches.histogram(intervalMs, (startMs, count) => {
          counts.set(startMs, (counts.get(startMs) ?? 0) + count);
          if (counts.size > maxBars) throw new QueryError({ message: tooManyBars(intervalMs, maxBars) });
        });
      }
      const bars = [...counts].map(([startMs, count]) => ({ startMs, count }));
      return { bars: bars.sort((a, b) => a.startMs - b.startMs), timedOut: limit.timedOut };
    });
  }

  fields(request: SearchRequest & { sample?: number }, timeoutMs?: number): SeenFields {
    return this.snapshot(timeoutMs, (limit) => {
      const { refs } = this.newest(request, request.sample ?? 500, limit);
      return { fields: seenFields(this.db, refs, limit), timedOut: limit.timedOut };
    });
  }

  indices(): IndexSize[] {
    return this.snapshot(undefined, () =>
      readIndexRows(this.db).map(({ name, documents, bytes }) => ({ index: name, count: documents, bytes })),
    );
  }

  find(request: FindRequest, timeoutMs?: number): Found {
    return this.snapshot(timeoutMs, (limit) => findIn(this.db, this.indicesAsked, request, limit));
  }

  mappings(): MappedIndex[] {
    return this.snapshot(undefined, () =>
      this.indicesAsked.rows(undefined).map((row) => mappedIndex(row, this.indicesAsked.fields(row))),
    );
  }

  document({ index, id }: { readonly index: string; readonly id: string }): Hit | undefined {
    return this.snapshot(undefined, (limit) => {
      const row = this.indicesAsked.rows(undefined).find(({ name }) => name === index);
      return row && documentOf(this.db, this.indicesAsked.asking({ query: "" }, limit)(row), id);
    });
  }

  openScan(request: SearchRequest): number {
    return this.snapshot(undefined, (limit) => {
      const ask = this.indicesAsked.asking(request, limit);
      const rows = this.indicesAsked.rows(request.index);
      // A wrong query is told now, not with the first page.
      if (rows[0] !== undefined) ask(rows[0]);
      rows.sort((a, b) => a.minMs - b.minMs || a.number - b.number);
      const numbers = rows.map(({ number }) => number);
      this.scans.set(++this.scanCount, new Scan(this.db, ask, numbers));
      return this.scanCount;
    });
  }

  /** The next page; an empty one is the end. */
  nextPage(id: number): Hit[] {
    return this.snapshot(undefined, () => this.scans.get(id)?.page() ?? []);
  }

  closeScan(id: number): void {
    this.scans.delete(id);
  }
}
