/**
 * Matches as a set of records, read from the token index as a whole. What the tokens leave open is decided by reading
 * the documents, the newest first.
 */
import type { FieldMap } from "../documents/fields";
import { DocumentView } from "../documents/view";
import { documentTexts, type StoredText } from "../file/document-texts";
import type { TokenIndices } from "../file/token-indices";
import type { Condition } from "../query/condition";
import { matches } from "../query/match";
import { histogramOf } from "./histogram";
import type { Bars, MatchedDocument, MatchedRecords, Matches, TopMatches } from "./matches";
import type { SeqRange } from "./ordered-records";
import type { RangeCounts } from "./range-counts";
import type { RecordTimes } from "./record-times";
import { batches, RecordWalk, sortedRecords } from "./record-walk";
import { common, difference, has, noRecords, type Records, union } from "./records";
import type { Order, Ref, Selection } from "./selection";
import { SetReader } from "./set-reader";
import { type TextFilter, textFilter } from "./text-filter";
import { countByTimes } from "./time-counts";
import { partsBeyond, type TokenSet } from "./token-expressions";
import type { TokenSets } from "./token-sets";
import type { Known, Verdict } from "./verdicts";
import { TimeOver, type WorkLimit } from "./work-limit";

/** A look at the row of one record costs as much as the times of so many that follow each other. */
const timesForARow = 16;
/** Documents that are read at once. */
const documentsPerRead = 64;

/** How the records are looked at that tokens leave open. */
export interface Verification {
  /** What is open of them. */
  readonly condition: Condition;
  readonly fields: FieldMap;
  readonly verdict: Verdict;
}

/** What is at hand for it. */
export interface Means {
  readonly counts: RangeCounts;
  readonly limit: WorkLimit;
  readonly tokens: TokenIndices;
  readonly times: RecordTimes;
}

const nothingKnown: Known = { sure: noRecords, doubtful: noRecords, possible: noRecords };

export class SetMatches implements Matches {
  readonly isAll = false;
  readonly countIn: ((range: SeqRange) => number) | undefined;
  private readonly walk: RecordWalk;
  private readonly limit: WorkLimit;
  private readonly range: SeqRange;
  private readonly reader: SetReader;
  /** Its own for good: an export goes on with what it began with, whatever others ask meanwhile. */
  private known: Known | undefined;

  constructor(
    private readonly selection: Selection,
    private readonly sets: TokenSets,
    private readonly by: Verification,
    private readonly means: Means,
  ) {
    const { counts, limit, tokens } = means;
    this.limit = limit;
    const { db, row, range = { low: 0, high: row.lastSeq } } = selection;
    this.range = range;
    this.walk = new RecordWalk(db, row, range, counts);
    this.reader = new SetReader(db, row, limit, tokens);
    if (row.ordered) this.countIn = (part) => this.walk.count(this.all(), part);
  }

  /** Nothing where there is no time left: a part of a set may be more than the set, such as of what is negated. */
  private look(): Known {
    const { row, window } = this.selection;
    // Tokens come with documents. Where times never go back, the wanted time is no part of the sets.
    const state = [row.documents, ...(row.ordered ? [] : [window.lowMs, window.highMs])].join(" ");
    try {
      this.known ??= this.by.verdict.knownIn(state, () => this.readTokens());
      return this.known;
    } catch (error) {
      if (!(error instanceof TimeOver)) throw error;
      return nothingKnown;
    }
  }

  private readTokens(): Known {
    const read = ({ expression, complement }: TokenSet): Records => ({
      bits: this.reader.read(expression),
      complement,
    });
    const { upper, lower, exact } = this.sets;
    const more = exact ? undefined : partsBeyond(upper, lower);
    this.reader.expect([lower.expression, (more ?? upper).expression]);
    const sure = read(lower);
    if (exact) return { sure, possible: sure, doubtful: noRecords };
    const possible = more === undefined ? read(upper) : union(sure, read(more).bits);
    return { sure, possible, doubtful: difference(possible, sure) };
  }

  /** All matches; where the time is over, those that are known. */
  private all(): Records {
    const { sure, doubtful } = this.look();
    if (doubtful === noRecords) return sure;
    const { verdict } = this.by;
    const open = difference(doubtful, { bits: verdict.read, complement: false });
    for (const seqs of batches(this.walk.seqs(open, "DESC"), documentsPerRead)) {
      if (this.limit.isOver) break;
      this.decide(seqs);
    }
    return union(sure, common(verdict.matches, doubtful));
  }

  /** Looks into documents; where the time is over on the way, they stay undecided. */
  private decide(seqs: readonly number[]): void {
    const { condition, fields, verdict } = this.by;
    const found: number[] = [];
    for (const { seq, ts, id, source } of this.stored(seqs, textFilter(condition))) {
      if (this.limit.isOver) return;
      if (matches(condition, new DocumentView(source, fields, { id, timestampMs: ts }))) found.push(seq);
    }
    for (const seq of seqs) verdict.read.add(seq);
    for (const seq of found) verdict.matches.add(seq);
  }

  /** Documents in the order of the numbers given; those whose text says that they are no match may be left out. */
  private *stored(seqs: readonly number[], filter?: TextFilter): Generator<MatchedDocument> {
    const { db, row } = this.selection;
    const statement = db.prepare(
      `SELECT d.seq, d.ts, d.id, d.source FROM json_each(?) AS wanted
       CROSS JOIN d${row.number} AS d ON d.seq = wanted.value`,
    );
    // A third faster than objects, and every candidate passes here.
    statement.setReturnArrays(true);
    const texts = documentTexts(db);
    const rows = statement.iterate(JSON.stringify(seqs)) as Iterable<unknown>;
    for (const [seq, ts, ...text] of rows as Iterable<[number, number, ...StoredText]>) {
      const document = texts.of(row.number, seq, text);
      if (filter !== undefined && !filter(document)) continue;
      yield { seq, ts, id: document.id, source: document.source };
    }
  }

  matched(): MatchedRecords {
    return { records: this.all(), range: this.range };
  }

  count(): number {
    return this.walk.count(this.all());
  }

  newest(limit: number): TopMatches {
    const all = this.all();
    const refs: Ref[] = [];
    const total = this.walk.count(all);
    const wanted = Math.min(limit, total);
    if (wanted === 0) return { total, refs };
    for (const ref of this.walk.refs(all, "DESC")) {
      refs.push(ref);
      if (refs.length === wanted || this.limit.isOver) break;
    }
    return { total, refs };
  }

  /** Decided on the way: an export begins before all is known. */
  after(ref: Ref | undefined, limit: number, lastSeq: number): Ref[] {
    const { sure, doubtful, possible } = this.look();
    const { verdict } = this.by;
    const refs: Ref[] = [];
    for (const batch of batches(this.walk.refs(possible, "ASC", ref), documentsPerRead)) {
      const open = batch.map(({ seq }) => seq).filter((seq) => has(doubtful, seq) && !verdict.read.has(seq));
      if (open.length > 0) this.decide(open);
      for (const one of batch) {
        const { seq } = one;
        const isMatch = has(sure, seq) || (has(doubtful, seq) && verdict.matches.has(seq));
        if (isMatch && seq <= lastSeq) refs.push(one);
        if (refs.length === limit) return refs;
      }
    }
    return refs;
  }

  *documents(order: Order = "ASC"): Generator<MatchedDocument> {
    for (const refs of batches(this.walk.refs(this.all(), order), documentsPerRead)) {
      for (const document of this.stored(refs.map(({ seq }) => seq))) {
        if (this.limit.isOver) return;
        yield document;
      }
    }
  }

  histogram(intervalMs: number, add: Bars): void {
    histogramOf(this, this.selection, intervalMs, add, this.limit);
  }

  histogramByReading(intervalMs: number, add: Bars): void {
    const { selection, means, limit } = this;
    const found = this.matched();
    const count = this.walk.count(found.records);
    if (count > sortedRecords || count * timesForARow > selection.row.documents) {
      countByTimes(found, selection, means.times.of(selection.row), { intervalMs, add, limit });
      return;
    }
    for (const { ts } of this.walk.refs(found.records, "ASC")) {
      if (limit.isOver) return;
      add(Math.floor(ts / intervalMs) * intervalMs, 1);
    }
  }
}
