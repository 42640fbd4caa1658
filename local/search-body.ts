/**
 * What a body of OpenSearch's `_search` asks, taken apart and checked, and what the index answers. All of it can be
 * handed to another thread. Values are texts as they were written, digits and all; `null` stands for no value.
 */
import type { Hit, Patience, Timed } from "./rooms";

/** A query of a body. Scores are no part of it: `filter` is `must`, and boosts are left out. */
export type BodyQuery =
  | { readonly kind: "all" }
  | { readonly kind: "none" }
  /** `query_string`. Lenient: a value that a field's type cannot have finds nothing, instead of being an error. */
  | {
      readonly kind: "text";
      readonly query: string;
      /** Names or patterns of the fields that words without a field are looked for in. @default all */
      readonly fields?: readonly string[];
      readonly operator: "and" | "or";
      readonly lenient: boolean;
      readonly timeZone?: string;
    }
  | {
      readonly kind: "match";
      readonly field: string;
      readonly text: string;
      readonly operator: "and" | "or";
      /** Such as `2`, `-1`, `75%` or `2<75%`. @default "1" */
      readonly minimumShouldMatch?: string;
      readonly lenient: boolean;
      /** What a text without tokens finds. */
      readonly zeroTerms: "none" | "all";
    }
  | {
      readonly kind: "phrase";
      readonly field: string;
      readonly text: string;
      readonly slop: number;
      readonly zeroTerms: "none" | "all";
    }
  /** `term` and `terms`: any of the values, none of them taken apart into words. */
  | { readonly kind: "terms"; readonly field: string; readonly values: readonly string[] }
  | {
      readonly kind: "range";
      readonly field: string;
      /** Undefined is open. */
      readonly low?: string;
      readonly high?: string;
      readonly includeLow: boolean;
      readonly includeHigh: boolean;
      readonly timeZone?: string;
    }
  | { readonly kind: "exists"; readonly field: string }
  | { readonly kind: "ids"; readonly values: readonly string[] }
  | {
      readonly kind: "bool";
      readonly must: readonly BodyQuery[];
      readonly should: readonly BodyQuery[];
      readonly not: readonly BodyQuery[];
      /** As in `match`. @default one where there is no `must`, else none */
      readonly minimumShouldMatch?: string;
    };

/** One key of the order. */
export interface SortKey {
  /** `_doc` is the order in which documents came. */
  readonly field: string;
  readonly order: "asc" | "desc";
  /** Which of several values counts. @default the least one ascending, the greatest one descending */
  readonly mode?: "min" | "max";
  /** Where documents without a value stand, or the value that they are given. @default "_last" */
  readonly missing?: string;
  /** Where no index has the field it is taken for one without values; else the order is an error. */
  readonly unmappedType?: string;
}

/** A value that documents are ordered by, as it can be compared. */
export type SortValue = string | number | bigint | null;

/** One aggregation; `sub` are those within its buckets. */
export type Aggregation = BucketAggregation | MetricAggregation;

export type BucketAggregation = { readonly sub: Aggregations } & (
  | {
      readonly kind: "date_histogram";
      readonly field: string;
      /** A number is milliseconds. */
      readonly interval:
        | number
        | "day"
        | "week"
        | "month"
        | "quarter"
        | "year"
        | "hour"
        | "minute"
        | "second";
      readonly offsetMs: number;
      readonly timeZone: string | undefined;
    }
  | { readonly kind: "terms"; readonly field: string; readonly missing: string | undefined }
  | {
      readonly kind: "filters";
      readonly filters: readonly BodyQuery[];
      /** Whether there is a bucket, behind the others, for documents that none of the filters takes. */
      readonly other: boolean;
    }
  | {
      readonly kind: "range";
      readonly field: string;
      /** From `from`, up to and without `to`: numbers, or dates with their math; undefined is open. */
      readonly ranges: readonly { readonly from: string | undefined; readonly to: string | undefined }[];
    }
);

export type MetricAggregation =
  | {
      readonly kind: "stats";
      readonly field: string;
      /** What of it is asked for. @default all */
      readonly only?: "min" | "max" | "avg" | "sum" | "value_count";
    }
  | { readonly kind: "cardinality"; readonly field: string };

export type Aggregations = Readonly<Record<string, Aggregation>>;

/** What a value of a bucket or a number is. */
export type ValueType = "keyword" | "long" | "double" | "float" | "date" | "boolean" | "ip";

/** Types whose values are numbers. */
export const numberTypes: readonly string[] = ["long", "double", "float", "date", "boolean"];

/** An answer that those of other indices, and of other streams, can be added to. */
export type PartialAnswer = PartialBuckets | PartialStats | PartialValues;

export interface PartialBuckets {
  readonly kind: "buckets";
  /** Undefined where no index has the field. */
  type: ValueType | undefined;
  /** By value; by place among the ranges or filters. */
  readonly buckets: Map<string | number | bigint, PartialBucket>;
  /** Answers of what is within a bucket, as they are where it has no documents. */
  known?: Readonly<Record<string, PartialAnswer>>;
  /** Of ranges: their ends as numbers. */
  ranges?: readonly { readonly from: number; readonly to: number }[];
}

export interface PartialBucket {
  count: number;
  readonly sub: Record<string, PartialAnswer>;
}

export interface PartialStats {
  readonly kind: "stats";
  type: ValueType | undefined;
  count: number;
  min: number;
  max: number;
  sum: number;
  /** What rounding has taken from the sum. */
  lost: number;
}

export interface PartialValues {
  readonly kind: "values";
  readonly values: Set<string | number | bigint>;
}

export interface FindRequest {
  readonly query: BodyQuery;
  /** Names of indices; undefined: all. */
  readonly indices?: readonly string[];
  readonly from: number;
  readonly size: number;
  /** @default newest first */
  readonly sort: readonly SortKey[];
  /** Only what comes behind these values in the order. */
  readonly after?: readonly (string | null)[];
  readonly aggregations: Aggregations;
  /** As the clock says it, for `now`; the same in all indices and streams. */
  readonly nowMs: number;
  /** Names or patterns of fields whose values are wanted beside the documents. @default none */
  readonly fields?: readonly string[];
}

export interface FoundHit extends Hit {
  readonly sort: readonly SortValue[];
  /** The fields that were asked for and have values, in the order of the document. */
  readonly fields?: readonly FieldValues[];
}

export interface FieldValues {
  readonly name: string;
  readonly type: string;
  readonly values: readonly (string | number | bigint | boolean)[];
}

export interface Found extends Timed {
  readonly total: number;
  readonly hits: readonly FoundHit[];
  /** What the keys of the order are, one each; undefined for one that no index has. */
  readonly sortTypes: readonly (ValueType | undefined)[];
  readonly aggregations: Readonly<Record<string, PartialAnswer>>;
}

/** A field as an index has it. */
export interface MappedField {
  readonly path: string;
  readonly type: string;
  /** Of a text: whether its whole values can be asked for as `.keyword`, and up to which length. */
  readonly keyword?: { readonly ignoreAbove: number | undefined };
  readonly ignoreAbove?: number;
  readonly ignoreMalformed?: boolean;
  /** The same values read otherwise, by the name that stands behind the field's own. */
  readonly copies?: Readonly<Record<string, string>>;
}

/** What the search API asks of an index, beside what the pages do. */
export interface BodySearcher {
  find(request: FindRequest, patience?: Patience): Promise<Found>;
  /** All indices with documents, with their fields. */
  mappings(patience?: Patience): Promise<readonly MappedIndex[]>;
  /** Undefined: there is none of this id. */
  document(index: string, id: string, patience?: Patience): Promise<Hit | undefined>;
}

export interface MappedIndex {
  readonly index: string;
  /** Arrival of its first document, in milliseconds since 1970. */
  readonly createdMs: number;
  readonly count: number;
  readonly bytes: number;
  readonly fields: readonly MappedField[];
}
