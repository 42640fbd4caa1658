/** Charts over one field, as a real OpenSearch answers them. */
import { ExactNumber } from "../exact-json";
import { ofWholeValues } from "../field-charts";
import {
  type Bars,
  type FieldCharts,
  type NumbersOverTime,
  type Patience,
  QueryError,
  type SearchRequest,
  type TopValues,
  tooManyBars,
} from "../rooms";
import type { Json } from "./search-api";

/** Distinct values that are counted at most, to tell how many there are besides. */
const precision = 3_000;

/** Asks a body; undefined where the server did not answer in time. */
export type AskBody = (request: SearchRequest, body: object, patience: Patience) => Promise<Json | undefined>;

export class RemoteCharts implements FieldCharts {
  constructor(private readonly ask: AskBody) {}

  topValues(
    { field, size, ...request }: SearchRequest & { field: string; size: number },
    patience: Patience = {},
  ): Promise<TopValues> {
    return ofWholeValues(field, async (name) => {
      const aggs = {
        top: { terms: { field: name, size } },
        all: { cardinality: { field: name, precision_threshold: precision } },
      };
      const answer = await this.ask(request, { size: 0, aggs }, patience);
      const buckets: Json[] = answer?.aggregations?.top?.buckets ?? [];
      const values = buckets.map(({ key, key_as_string: text, doc_count }) => ({
        value: textOf(text ?? key),
        count: numberOf(doc_count),
      }));
      const distinct = numberOf(answer?.aggregations?.all?.value ?? values.length);
      return { values, others: Math.max(0, distinct - values.length), timedOut: isPart(answer) };
    });
  }

  async numbersOverTime(
    {
      field,
      intervalMs,
      maxBars = Number.POSITIVE_INFINITY,
      ...request
    }: SearchRequest & Bars & { field: string },
    patience: Patience = {},
  ): Promise<NumbersOverTime> {
    const date_histogram = { field: "@timestamp", fixed_interval: `${intervalMs}ms`, min_doc_count: 1 };
    const aggs = { time: { date_histogram, aggs: { of: { stats: { field } } } } };
    const answer = await this.ask(request, { size: 0, aggs }, patience);
    const buckets: Json[] = answer?.aggregations?.time?.buckets ?? [];
    if (buckets.length > maxBars) throw new QueryError({ message: tooManyBars(intervalMs, maxBars) });
    const bars = buckets
      .filter(({ of }) => of.count > 0)
      .map(({ key, of }) => ({
        startMs: numberOf(key),
        count: numberOf(of.count),
        min: numberOf(of.min),
        avg: numberOf(of.avg),
        max: numberOf(of.max),
      }));
    return { bars, timedOut: isPart(answer) };
  }
}

/** Numbers keep their digits where they are read. */
const numberOf = (value: Json): number => Number(value instanceof ExactNumber ? value.text : value);
const textOf = (value: Json): string => (value instanceof ExactNumber ? value.text : String(value));

const isPart = (answer: Json | undefined): boolean => answer === undefined || answer.timed_out === true;
