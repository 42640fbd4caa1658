/** Answers questions over all indices of the file, each from one consistent state of it. */
import type { DatabaseSync } from "node:sqlite";
import { namesMatcher } from "../../name-pattern";
import { type Bars, type Hit, type Page, QueryError, type SearchRequest, tooManyBars } from "../../rooms";
import type { FieldMap } from "../documents/fields";
import { withTimestamp } from "../documents/json-text";
import { DocumentView } from "../documents/view";
import { type IndexRow, readFields, readIndexRows } from "../file/tables";
import { buildCondition } from "../query/build";
import { dependsOnNow, parseOptional } from "../query/parse";
import { IndexQuery, type Ref, type StoredDocument } from "./index-query";
import { RangeCounts } from "./range-counts";

export interface FieldSummary {
  readonly name: string;
  readonly type: string;
  readonly top: { readonly value: string; readonly count: number }[];
}

interface Searched {
  readonly row: IndexRow;
  readonly fields: FieldMap;
  readonly query: IndexQuery;
}

interface FoundRef extends Ref {
  readonly searched: Searched;
}

const topValues = 10;
/** Longer values are no use as a filter to click on. */
const topValueUnits = 256;
const scanPage = 1000;
/** Also of one page, in UTF-16 units; exceeded by one step at the most. */
const scanPageBytes = 4 * 1024 * 1024;
/** Documents read at a time. */
const scanStep = 8;

/** An export under way: what is left to hand out. */
interface Scan {
  readonly request: SearchRequest;
  readonly indexNumbers: number[];
  readonly nowMs: number;
  seqs: number[];
  current: Searched | undefined;
}

export class IndexReader {
  private readonly fieldsCache = new Map<number, { version: number; fields: FieldMap }>();
  private readonly scans = new Map<number, Scan>();
  private scanCount = 0;

  private readonly counts = new RangeCounts();

  constructor(private readonly db: DatabaseSync) {}

  private snapshot<T>(work: () => T): T {
    this.db.exec("BEGIN");
    try {
      return work();
    } finally {
      this.db.exec("COMMIT");
    }
  }

  private fields(row: IndexRow): FieldMap {
    const cached = this.fieldsCache.get(row.number);
    if (cached?.version === row.fieldsVersion) return cached.fields;
    const fields = readFields(this.db, row.number);
    this.fieldsCache.set(row.number, { version: row.fieldsVersion, fields });
    return fields;
  }

  private rows(pattern: string | undefined): IndexRow[] {
    const rows = readIndexRows(this.db).filter((row) => row.documents > 0);
    if (pattern === undefined || pattern === "") return rows;
    const wanted = namesMatcher(pattern);
    return rows.filter(({ name }) => wanted(name));
  }

  private searched(request: SearchRequest, nowMs = Date.now()): Searched[] {
    const node = parseOptional(request.query);
    const window = {
      lowMs: request.fromMs ?? Number.MIN_SAFE_INTEGER,
      highMs: request.toMs === undefined ? Number.MAX_SAFE_INTEGER : request.toMs - 1,
    };
    const isFixed = !dependsOnNow(request.query);
    return this.rows(request.index).map((row) => {
      const fields = this.fields(row);
      const condition = buildCondition(node, fields, nowMs);
      // A field that comes later has no value in what was there before, and changes nothing that was counted.
      const question = isFixed ? request.query : undefined;
      const query = new IndexQuery(this.db, row, fields, condition, window, this.counts, question);
      return { row, fields, query };
    });
  }

  count(request: SearchRequest): number {
    return this.snapshot(() => this.searched(request).reduce((sum, { query }) => sum + query.count(), 0));
  }

  search(request: SearchRequest & Page): { total: number; hits: Hit[] } {
    const { from = 0, size = 10, maxBytes = Number.POSITIVE_INFINITY } = request;
    return this.snapshot(() => {
      const { total, refs } = this.newest(request, from + size);
      const hits: Hit[] = [];
      let bytes = 0;
      for (const ref of refs.slice(from)) {
        const one = hit(ref.searched, document(ref));
        bytes += one.source.length;
        if (hits.length > 0 && bytes > maxBytes) break;
        hits.push(one);
      }
      return { total, hits };
    });
  }

  /** The newest matches over all indices, and the number of all matches. */
  private newest(request: SearchRequest, limit: number): { total: number; refs: FoundRef[] } {
    const indices = this.searched(request).sort(
      (a, b) => b.row.maxMs - a.row.maxMs || b.row.number - a.row.number,
    );
    let refs: FoundRef[] = [];
    let total = 0;
    for (const searched of indices) {
      const oldest = refs.at(-1);
      const enough = refs.length >= limit && oldest !== undefined && oldest.ts > searched.row.maxMs;
      const found = searched.query.top(enough ? 0 : limit, "DESC");
      total += found.total;
      if (found.refs.length === 0) continue;
      refs = refs.concat(found.refs.map((ref) => ({ ...ref, searched })));
      refs.sort((a, b) => b.ts - a.ts || b.seq - a.seq);
      refs.length = Math.min(refs.length, limit);
    }
    return { total, refs };
  }

  histogram(request: SearchRequest & Bars): { startMs: number; count: number }[] {
    const { intervalMs, maxBars = Number.POSITIVE_INFINITY } = request;
    return this.snapshot(() => {
      const counts = new Map<number, number>();
      for (const { query } of this.searched(request)) {
        query.histogram(intervalMs, counts);
        if (counts.size > maxBars) throw new QueryError({ message: tooManyBars(intervalMs, maxBars) });
      }
      return [...counts]
        .map(([startMs, count]) => ({ startMs, count }))
        .sort((a, b) => a.startMs - b.startMs);
    });
  }

  fieldSummaries(request: SearchRequest & { sample?: number }): FieldSummary[] {
    return this.snapshot(() => {
      const seen = new Map<string, { type: string; values: Map<string, number> }>();
      for (const ref of this.newest(request, request.sample ?? 500).refs) {
        const view = new DocumentView(document(ref).source, ref.searched.fields, ref.ts);
        for (const field of ref.searched.fields.list) {
          const values = field.type === "date" || field.type === "object" ? [] : new Set(view.texts(field));
          for (const value of values) {
            const entry = seen.get(field.path) ?? { type: field.type, values: new Map<string, number>() };
            seen.set(field.path, entry);
            if (value.length <= topValueUnits) entry.values.set(value, (entry.values.get(value) ?? 0) + 1);
          }
        }
      }
      return [...seen]
        .map(([name, { type, values }]) => ({ name, type, top: topOf(values) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  indices(): { index: string; count: number; bytes: number }[] {
    return this.snapshot(() =>
      readIndexRows(this.db).map(({ name, documents, bytes }) => ({ index: name, count: documents, bytes })),
    );
  }

  openScan(request: SearchRequest): number {
    const nowMs = Date.now();
    const rows = this.snapshot(() => this.searched(request, nowMs).map(({ row }) => row));
    rows.sort((a, b) => a.minMs - b.minMs || a.number - b.number);
    const scan = {
      request,
      nowMs,
      indexNumbers: rows.map(({ number }) => number),
      seqs: [],
      current: undefined,
    };
    this.scans.set(++this.scanCount, scan);
    return this.scanCount;
  }

  /** The next page; an empty one is the end. */
  nextPage(id: number): Hit[] {
    const scan = this.scans.get(id);
    if (scan === undefined) return [];
    return this.snapshot(() => {
      while (scan.seqs.length === 0) {
        const number = scan.indexNumbers.shift();
        if (number === undefined) {
          this.scans.delete(id);
          return [];
        }
        scan.current = this.searched(scan.request, scan.nowMs).find(({ row }) => row.number === number);
        const refs = scan.current?.query.top(Number.MAX_SAFE_INTEGER, "ASC").refs ?? [];
        scan.seqs = refs.map(({ seq }) => seq).reverse();
      }
      const current = scan.current as Searched;
      if (!readIndexRows(this.db).some(({ number }) => number === current.row.number)) {
        scan.seqs = [];
        throw new Error(`The index ${current.row.name} was deleted during the export`);
      }
      return this.pageOf(current, scan.seqs);
    });
  }

  /** Takes from the end of `seqs` what fits a page: large documents make a page of few. */
  private pageOf(current: Searched, seqs: number[]): Hit[] {
    const page: Hit[] = [];
    let bytes = 0;
    while (seqs.length > 0 && page.length < scanPage && bytes < scanPageBytes) {
      const found = current.query.documents(seqs.splice(-scanStep).reverse());
      for (const one of found) {
        page.push(hit(current, one));
        bytes += one.source.length;
      }
    }
    return page;
  }

  closeScan(id: number): void {
    this.scans.delete(id);
  }
}

function document(ref: FoundRef): StoredDocument {
  return ref.searched.query.documents([ref.seq])[0] as StoredDocument;
}

function hit({ row }: Searched, { id, ts, added, source }: StoredDocument): Hit {
  return {
    _index: row.name,
    _id: id,
    source: added === 1 ? withTimestamp(source, ts) : source,
    timestampMs: ts,
    hasOwnTime: added !== 1,
  };
}

function topOf(values: Map<string, number>): { value: string; count: number }[] {
  const sorted = [...values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.slice(0, topValues).map(([value, count]) => ({ value, count }));
}
