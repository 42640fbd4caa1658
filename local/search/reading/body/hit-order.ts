/** The order of hits: what each key is in each index, and the first so many of all documents. */
import { QueryError } from "../../../rooms";
import type { SortKey, SortValue, ValueType } from "../../../search-body";
import { compareSorts, missingValue, timeKey } from "../../../search-order";
import { parseAddress } from "../../documents/addresses";
import { parseDate } from "../../documents/dates";
import { docValues, plainNumber, valueTypeOf } from "../../documents/doc-values";
import type { FieldMap } from "../../documents/fields";
import { integerPart, parseDouble } from "../../documents/values";
import type { DocumentView } from "../../documents/view";
import { targetOf } from "../../query/targets";
import type { Searched } from "../searched";

/** A document that is to be put into the order. */
export interface Placed {
  readonly seq: number;
  readonly ts: number;
  readonly id: string;
  /** Called where a key looks into the document. */
  view(): DocumentView;
}

type ReadKey = (document: Placed) => SortValue;

const bareTypes: Readonly<Record<string, ValueType>> = {
  [timeKey]: "date",
  _doc: "long",
  _id: "keyword",
  _index: "keyword",
};

const unmappedTypes: Readonly<Record<string, ValueType>> = {
  long: "long",
  integer: "long",
  short: "long",
  byte: "long",
  double: "double",
  float: "float",
  half_float: "float",
  date: "date",
  boolean: "boolean",
  keyword: "keyword",
  ip: "ip",
};

export function refuseText(name: string): never {
  throw new QueryError({
    type: "illegal_argument_exception",
    message: `Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead: [${name}] is a text.`,
  });
}

export class HitOrder {
  /** Of each key, over all indices. */
  readonly types: readonly (ValueType | undefined)[];

  constructor(
    private readonly keys: readonly SortKey[],
    indices: readonly { readonly fields: FieldMap }[],
  ) {
    this.types = keys.map((key) => typeOver(key, indices));
  }

  /** Reads the values of all keys from documents of one index. */
  reader({ row, fields }: Searched): (document: Placed) => SortValue[] {
    const reads = this.keys.map((key, at) => this.readerOf(key, this.types[at], row.name, fields));
    return (document) => reads.map((read) => read(document));
  }

  private readerOf(key: SortKey, type: ValueType | undefined, index: string, fields: FieldMap): ReadKey {
    if (key.field === timeKey) return ({ ts }) => ts;
    if (key.field === "_doc") return ({ seq }) => seq;
    if (key.field === "_id") return ({ id }) => id;
    if (key.field === "_index") return () => index;
    const { missing } = key;
    const isPlace = missing === undefined || missing === "_first" || missing === "_last";
    const without = isPlace ? missingValue(type, key) : sortValueOf(type, missing, key.field);
    const target = targetOf(fields, key.field);
    if (target === undefined || target.field.type === "object") return () => without;
    const wantsLast = (key.mode ?? (key.order === "asc" ? "min" : "max")) === "max";
    return (document) => {
      const values = docValues(document.view(), target.field, target.keyword);
      return values.at(wantsLast ? -1 : 0) ?? without;
    };
  }

  /** The values that a page begins behind. */
  valuesOf(after: readonly (string | null)[]): SortValue[] {
    return after.map((text, at) =>
      text === null ? null : sortValueOf(this.types[at], text, (this.keys[at] as SortKey).field),
    );
  }
}

/** Undefined: no index has it, and the key says how it is to be taken. */
function typeOver(
  { field, unmappedType }: SortKey,
  indices: readonly { readonly fields: FieldMap }[],
): ValueType | undefined {
  const bare = bareTypes[field];
  if (bare !== undefined) return bare;
  for (const { fields } of indices) {
    const target = targetOf(fields, field);
    if (target === undefined || target.field.type === "object") continue;
    return valueTypeOf(target.field, target.keyword) ?? refuseText(field);
  }
  if (unmappedType === undefined && indices.length > 0)
    throw new QueryError({ message: `No mapping found for [${field}] in order to sort on` });
  return unmappedTypes[unmappedType ?? ""];
}

/** @throws QueryError for a text that is no value of the type */
function sortValueOf(type: ValueType | undefined, text: string, field: string): SortValue {
  const value = parsed(type, text);
  if (value === undefined)
    throw new QueryError({
      type: "illegal_argument_exception",
      message: `Failed to parse search_after value for field [${field}].`,
    });
  return value;
}

function parsed(type: ValueType | undefined, text: string): SortValue | undefined {
  switch (type) {
    case "long":
    case "boolean": {
      const number = integerPart(text);
      return number === undefined ? undefined : plainNumber(number.whole);
    }
    case "double":
    case "float": {
      if (text === "Infinity" || text === "-Infinity") return Number(text);
      const number = parseDouble(text);
      return typeof number === "string" ? undefined : number;
    }
    case "date":
      return /^-?\d{19}$/.test(text) ? BigInt(text) : parseDate(text)?.firstMs;
    case "ip":
      return parseAddress(text);
    default:
      return text;
  }
}

/** One of the first so many documents. */
export interface TopHit {
  readonly sort: readonly SortValue[];
  readonly seq: number;
  readonly ts: number;
  readonly searched: Searched;
  /** Place of its index: of equal ones the first index's come first, and in it the first that came. */
  readonly place: number;
}

/** Keeps the first so many of what it is offered. */
export class TopHits {
  readonly hits: TopHit[] = [];
  private readonly compare: (a: readonly SortValue[], b: readonly SortValue[]) => number;

  constructor(
    keys: readonly SortKey[],
    private readonly most: number,
    private readonly after: readonly SortValue[] | undefined,
  ) {
    this.compare = compareSorts(keys);
  }

  /** The last one that is kept; undefined as long as there is room. */
  get worst(): TopHit | undefined {
    return this.hits.length < this.most ? undefined : this.hits.at(-1);
  }

  offer(hit: TopHit): void {
    if (this.after !== undefined && this.compare(hit.sort, this.after) <= 0) return;
    const { worst } = this;
    if (this.most === 0 || (worst !== undefined && this.order(hit, worst) >= 0)) return;
    let low = 0;
    let high = this.hits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order(hit, this.hits[middle] as TopHit) < 0) high = middle;
      else low = middle + 1;
    }
    this.hits.splice(low, 0, hit);
    if (this.hits.length > this.most) this.hits.pop();
  }

  private order(a: TopHit, b: TopHit): number {
    return this.compare(a.sort, b.sort) || a.place - b.place || a.seq - b.seq;
  }
}
