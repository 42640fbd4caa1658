/** Asks the index for the text, and for the documents of records that were found elsewhere. */
import { documentIdOf, type RecordTrail, seqOfDocument } from "../../record-trail";
import type { Hit, Searcher, SearchRequest } from "../../rooms";
import type { Budget } from "./budget";
import { excerpt, type Traces } from "./trace";

export interface LookedInIndex {
  /** Documents that have the text. */
  readonly total: number;
  readonly all: boolean;
}

/** Letters of documents that are read for one answer. */
const maxUnits = 4 * 1024 * 1024;

interface Asked {
  readonly searcher: Searcher;
  readonly trail: RecordTrail | undefined;
  readonly traces: Traces;
  readonly budget: Budget;
}

export async function lookInIndex(
  { searcher, trail, traces, budget }: Asked,
  { text, ...time }: { text: string } & Pick<SearchRequest, "fromMs" | "toMs">,
): Promise<LookedInIndex> {
  const query = text === "" ? "" : quoted(text);
  const page = { query, ...time, size: traces.most, maxBytes: maxUnits };
  const { total, hits, timedOut } = await searcher.search(page, budget.patience);
  for (const hit of hits) addDocument(traces, trail, hit);
  return { total, all: !timedOut && hits.length === total };
}

/** The documents of the records that were found without one. False where not all could be asked for. */
export async function lookForDocuments({ searcher, trail, traces, budget }: Asked): Promise<boolean> {
  if (trail === undefined || !trail.hasOwnIds) return true;
  const seqs = traces.list.flatMap(({ seq, document }) =>
    seq !== undefined && document === undefined && seq <= trail.settledThrough ? [seq] : [],
  );
  if (seqs.length === 0) return true;
  const query = seqs.map((seq) => `_id:${quoted(documentIdOf(trail, seq))}`).join(" OR ");
  const page = { query, size: seqs.length, maxBytes: maxUnits };
  const { total, hits, timedOut } = await searcher.search(page, budget.patience);
  for (const hit of hits) addDocument(traces, trail, hit);
  return !timedOut && hits.length === total;
}

function addDocument(traces: Traces, trail: RecordTrail | undefined, hit: Hit): void {
  const { _index: index, _id: id, source } = hit;
  const seq = trail && seqOfDocument(trail, id);
  traces.add({ seq, document: { index, id, text: excerpt(Buffer.from(source)) } });
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;
