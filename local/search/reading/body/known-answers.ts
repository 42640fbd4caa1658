/** Answers of aggregations that the index knows by itself: from times and tokens, without a look into a document. */
import type { DatabaseSync } from "node:sqlite";
import { addNumber } from "../../../partial-answers";
import type { Aggregation, MetricAggregation, PartialAnswer } from "../../../search-body";
import type { DocValue } from "../../documents/doc-values";
import type { TokenIndices } from "../../file/token-indices";
import { targetOf } from "../../query/targets";
import type { MatchedRecords } from "../matches";
import type { RecordTimes } from "../record-times";
import type { Searched } from "../searched";
import { firstBar } from "../time-counts";
import { TimeOver, type WorkLimit } from "../work-limit";
import { countSlots, type RecordSlots, recordSlots, type SlotBars } from "./record-slots";
import { type TokenValues, tokenValues } from "./token-values";
import { ValueCounts } from "./value-counts";

/** What is at hand of the file. */
export interface IndexMeans {
  readonly db: DatabaseSync;
  readonly tokens: TokenIndices;
  readonly times: RecordTimes;
}

/** How answers are written down. */
export interface AnswerBook {
  /** The answers of a bucket to which so many documents are added. */
  bucket(into: PartialAnswer, key: DocValue, count: number, aggregation: Aggregation): SubAnswers;
  value(into: PartialAnswer, value: DocValue): void;
}

export type SubAnswers = Readonly<Record<string, PartialAnswer>>;

/** One that asks for the values of a field, and nothing within them. */
type OverField = MetricAggregation | (Aggregation & { readonly kind: "terms" });

/** So few are read sooner than all tokens of a field. */
const fewDocuments = 1000;
const fewPart = 1 / 16;

/** The field's values; "none" where no document has the field. */
type Values = TokenValues | "none";

export class KnownAnswers {
  private found: MatchedRecords | undefined;

  constructor(
    private readonly means: IndexMeans,
    private readonly searched: Searched,
    private readonly book: AnswerBook,
    private readonly limit: WorkLimit,
  ) {}

  /** False: the documents must be read. Where the time is over, what is added is a part. */
  add(aggregation: Aggregation, into: PartialAnswer): boolean {
    try {
      return aggregation.kind === "date_histogram"
        ? this.bars(aggregation, into)
        : this.overField(aggregation, into);
    } catch (error) {
      if (!(error instanceof TimeOver)) throw error;
      return true;
    }
  }

  private bars(aggregation: Aggregation & { kind: "date_histogram" }, into: PartialAnswer): boolean {
    const { field, interval, offsetMs, timeZone, sub } = aggregation;
    if (typeof interval !== "number" || offsetMs !== 0 || timeZone !== undefined) return false;
    const { row, fields, matches } = this.searched;
    if (field !== "@timestamp" || row.oddTimes || fields.time.someWithout) return false;
    const subs = Object.entries(sub);
    if (subs.length === 0) {
      matches.histogram(interval, (startMs, count) => this.book.bucket(into, startMs, count, aggregation));
      return true;
    }
    const asked = subs.map(([name, one]) => ({ name, one, values: this.valuesOf(one) }));
    if (!asked.every(({ values }) => values !== undefined) || this.isFew()) return false;
    const bars = { times: this.means.times.of(row), intervalMs: interval };
    const slots = this.slots(bars);
    if (slots === undefined) return false;
    const before = firstBar(row, interval) - 1;
    const answers = Array.from(countSlots(slots), (count, slot) =>
      slot > 0 && count > 0
        ? this.book.bucket(into, (before + slot) * interval, count, aggregation)
        : undefined,
    );
    for (const { name, one, values } of asked)
      this.count(slots, values as Values, one as OverField, (slot) => answers[slot]?.[name] as PartialAnswer);
    return true;
  }

  private overField(aggregation: Aggregation, into: PartialAnswer): boolean {
    const values = this.valuesOf(aggregation);
    if (values === undefined) return false;
    if (values === "none") return true;
    if (this.isFew()) return false;
    const slots = this.slots(undefined);
    if (slots === undefined) return false;
    this.count(slots, values, aggregation as OverField, () => into);
    return true;
  }

  /** Undefined where tokens do not tell what is asked for. */
  private valuesOf(aggregation: Aggregation): Values | undefined {
    const { kind } = aggregation;
    if (kind === "terms" && (aggregation.missing !== undefined || Object.keys(aggregation.sub).length > 0))
      return undefined;
    if (kind !== "terms" && kind !== "stats" && kind !== "cardinality") return undefined;
    if (aggregation.field === "_index" || aggregation.field === "_id") return undefined;
    const target = targetOf(this.searched.fields, aggregation.field);
    if (target === undefined || target.field.type === "object") return "none";
    const values = tokenValues(target.field, target.keyword);
    return kind === "stats" && values?.isOneEach === false ? undefined : values;
  }

  private isFew(): boolean {
    const count = this.searched.matches.count();
    return count <= fewDocuments && count < this.searched.row.documents * fewPart;
  }

  private slots(bars: SlotBars | undefined): RecordSlots | undefined {
    const { means, searched, limit } = this;
    this.found ??= searched.matches.matched();
    return recordSlots({ db: means.db, row: searched.row, found: this.found, bars, limit });
  }

  private count(
    slots: RecordSlots,
    values: Values,
    aggregation: OverField,
    answerOf: (slot: number) => PartialAnswer,
  ): void {
    if (values === "none") return;
    const { means, searched, limit } = this;
    const counts = new ValueCounts(slots, values, (slot, value, count) =>
      this.write(aggregation, answerOf(slot), value, count),
    );
    const step = () => {
      if (limit.isOver) throw new TimeOver();
    };
    const { row } = searched;
    means.tokens.of(row).visit(values.range, counts, slots.origin, row.lastSeq, step);
  }

  private write(aggregation: OverField, into: PartialAnswer, value: DocValue, count: number): void {
    if (aggregation.kind === "terms") this.book.bucket(into, value, count, aggregation);
    else if (into.kind === "values") this.book.value(into, value);
    else if (into.kind === "stats") {
      into.count += count;
      if (typeof value !== "string") addNumber(into, Number(value), count);
    }
  }
}
