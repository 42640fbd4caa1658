/** Answers a body over all indices: the number of matches, the first of them in an order, and aggregations. */
import type { DatabaseSync } from "node:sqlite";
import type { FindRequest, Found, FoundHit, SortKey, SortValue } from "../../../search-body";
import { timeKey } from "../../../search-order";
import { DocumentView } from "../../documents/view";
import type { IndexRow } from "../../file/tables";
import type { Matches } from "../matches";
import type { Searched, SearchedIndices } from "../searched";
import type { Order } from "../selection";
import { hitReader } from "../stored-documents";
import type { WorkLimit } from "../work-limit";
import { AggregationRun } from "./aggregation-run";
import { valuesOfFields } from "./field-values";
import { HitOrder, type Placed, TopHits } from "./hit-order";

interface Finding {
  readonly request: FindRequest;
  readonly order: HitOrder;
  readonly top: TopHits;
  readonly run: AggregationRun;
  readonly limit: WorkLimit;
}

export function findIn(
  db: DatabaseSync,
  indices: SearchedIndices,
  request: FindRequest,
  limit: WorkLimit,
): Found {
  const { query, nowMs, sort, from, size } = request;
  const wanted = request.indices === undefined ? undefined : new Set(request.indices);
  const rows = indices.rows(undefined).filter(({ name }) => wanted?.has(name) ?? true);
  const asked = rows.map(indices.askingBody(query, nowMs, limit));
  const order = new HitOrder(sort, asked);
  const after = request.after && order.valuesOf(request.after);
  const finding = {
    request,
    order,
    top: new TopHits(sort, from + size, after),
    run: new AggregationRun(request.aggregations, nowMs, indices),
    limit,
  };
  const places = new Map(rows.map(({ number }, place) => [number, place]));
  let total = 0;
  for (const searched of inOrderOfTime(asked, sort[0]))
    total += one(finding, searched, places.get(searched.row.number) as number, (row, first) =>
      first === undefined ? searched.matches : indices.askingBody(query, nowMs, limit, first)(row).matches,
    );
  return {
    total,
    hits: finding.top.hits.slice(from).map((hit) => readHit(db, hit.searched, hit.seq, hit.sort, request)),
    sortTypes: order.types,
    aggregations: finding.run.answers,
    timedOut: limit.timedOut,
  };
}

/** Where the order begins with the time, indices whose documents come first stand first: others need no look then. */
function inOrderOfTime(asked: readonly Searched[], first: SortKey | undefined): readonly Searched[] {
  if (first === undefined || !isTime(first)) return asked;
  return first.order === "desc"
    ? [...asked].sort((a, b) => b.row.maxMs - a.row.maxMs)
    : [...asked].sort((a, b) => a.row.minMs - b.row.minMs);
}

const isTime = ({ field }: SortKey): boolean => field === timeKey || field === "@timestamp";

/** Whether the time that the first key goes by is that of the row. */
function goesByRow({ row, fields }: Searched, first: SortKey | undefined): boolean {
  if (first === undefined || first.field === timeKey) return first !== undefined;
  return first.field === "@timestamp" && !row.oddTimes && !fields.time.someWithout;
}

type MatchesFrom = (
  row: IndexRow,
  window: { readonly lowMs: number; readonly highMs: number } | undefined,
) => Matches;

/** The number of matches in one index. */
function one(finding: Finding, searched: Searched, place: number, matchesFrom: MatchesFrom): number {
  const { request, order, top, run, limit } = finding;
  const { matches } = searched;
  const collect = run.collector(searched, limit);
  const wantsHits = request.from + request.size > 0;
  const [first] = request.sort;
  const read = order.reader(searched);
  const offer = (document: Placed) =>
    top.offer({ sort: read(document), seq: document.seq, ts: document.ts, searched, place });
  if (collect !== undefined || (wantsHits && !goesByRow(searched, first))) {
    let total = 0;
    for (const document of placed(searched, matches)) {
      total++;
      collect?.(document);
      if (wantsHits) offer(document);
    }
    return total;
  }
  const total = matches.count();
  if (!wantsHits || total === 0 || first === undefined) return total;
  const direction: Order = first.order === "asc" ? "ASC" : "DESC";
  const isBeyond = (ms: number) => {
    const worst = top.worst?.ts;
    return worst !== undefined && (direction === "ASC" ? ms > worst : ms < worst);
  };
  if (isBeyond(direction === "ASC" ? searched.row.minMs : searched.row.maxMs)) return total;
  const part = matchesFrom(searched.row, windowBehind(request.after && order.valuesOf(request.after), first));
  for (const document of placed(searched, part, direction)) {
    if (isBeyond(document.ts) || limit.isOver) break;
    offer(document);
  }
  return total;
}

/** Where a page begins behind a time, nothing before it is read. */
function windowBehind(
  after: readonly SortValue[] | undefined,
  { order }: SortKey,
): { lowMs: number; highMs: number } | undefined {
  const ms = after?.[0];
  if (typeof ms !== "number") return undefined;
  return order === "asc"
    ? { lowMs: ms, highMs: Number.POSITIVE_INFINITY }
    : { lowMs: Number.NEGATIVE_INFINITY, highMs: ms };
}

/** The matches, taken apart when a look into them is wanted. */
function* placed({ fields }: Searched, matches: Matches, order?: Order): Generator<Placed> {
  for (const { seq, ts, id, source, view } of matches.documents(order)) {
    let known = view;
    yield {
      seq,
      ts,
      id,
      view: () => {
        known ??= new DocumentView(source, fields, { id, timestampMs: ts });
        return known;
      },
    };
  }
}

function readHit(
  db: DatabaseSync,
  searched: Searched,
  seq: number,
  sort: readonly SortValue[],
  { fields }: FindRequest,
): FoundHit {
  const hit = hitReader(db, searched)(seq);
  if (fields === undefined || fields.length === 0) return { ...hit, sort };
  const view = new DocumentView(hit.source, searched.fields, { id: hit._id, timestampMs: hit.timestampMs });
  return { ...hit, sort, fields: valuesOfFields(searched.fields, view, fields) };
}
