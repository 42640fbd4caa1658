/** The values of one stored document, field by field, for conditions that the token index cannot answer alone. */
import { ExactNumber, parseJson, type Scalar } from "../../exact-json";
import { type Field, type FieldMap, ignoredFields } from "./fields";
import { keyNames } from "./rules";
import { tokenize } from "./tokens";
import {
  parseAddressValue,
  parseBoolean,
  parseDateValue,
  parseDouble,
  parsedText,
  parseFloat32,
  parseLong,
  scalarText,
} from "./values";

/** What is known of a document beside its text. */
export interface RowOfDocument {
  readonly id: string;
  /** For documents without a time of their own. */
  readonly timestampMs: number;
}

export class DocumentView {
  private values: Map<Field, Scalar[]> | undefined;
  private hasDigits = false;
  private readonly tokensOf = new Map<Field, string[][]>();
  private times: number[] | undefined;

  constructor(
    private readonly source: string,
    private readonly fields: FieldMap,
    private readonly row: RowOfDocument,
  ) {}

  get id(): string {
    return this.row.id;
  }

  private object(value: object, parent: Field): void {
    for (const key in value) {
      const child = (value as Record<string, unknown>)[key];
      if (child === null) continue;
      const field = keyNames(key).reduce<Field | undefined>((at, name) => at?.children?.get(name), parent);
      if (field !== undefined) this.value(child, field);
    }
  }

  private value(value: unknown, field: Field): void {
    if (value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.value(item, field);
    } else if (typeof value === "object" && !(value instanceof ExactNumber)) {
      this.object(value, field);
    } else {
      const values = this.values as Map<Field, Scalar[]>;
      const known = values.get(field);
      if (known === undefined) values.set(field, [value as Scalar]);
      else known.push(value as Scalar);
    }
  }

  /** Digits cost more than all the rest of a document, and few questions are asked of numbers. */
  private all(withDigits: boolean): ReadonlyMap<Field, Scalar[]> {
    if (this.values === undefined || (withDigits && !this.hasDigits)) {
      this.values = new Map();
      this.hasDigits = withDigits;
      this.object((withDigits ? parseJson : JSON.parse)(this.source) as object, this.fields.root);
    }
    return this.values;
  }

  private scalars(field: Field): readonly Scalar[] {
    if (field.path === ignoredFields) return this.ignored();
    const main = field.copyOf ?? field;
    const values = this.all(false).get(main) ?? [];
    const isExact = this.hasDigits || !values.some((value) => typeof value === "number");
    return isExact ? values : (this.all(true).get(main) ?? []);
  }

  /** Paths of fields whose value did not fit their type, in order. */
  ignored(): string[] {
    const paths: string[] = [];
    for (const [main, values] of this.all(true)) {
      for (const field of [main, ...main.copies]) {
        const isTyped = field.ignoreMalformed && field.type !== "text" && field.type !== "keyword";
        if (isTyped && values.some((value) => parsedText(field.type, value) === "invalid"))
          paths.push(field.path);
      }
    }
    return paths.sort();
  }

  texts(field: Field): string[] {
    return this.scalars(field).map(scalarText);
  }

  /** The values that `.keyword`, or a `keyword` itself, holds. */
  keywords(field: Field): string[] {
    return this.texts(field).filter((text) => text.length <= field.ignoreAbove);
  }

  /** Tokens of each value. */
  tokens(field: Field): readonly string[][] {
    let tokens = this.tokensOf.get(field);
    if (tokens === undefined) {
      tokens = this.texts(field).map(tokenize);
      this.tokensOf.set(field, tokens);
    }
    return tokens;
  }

  numbers(field: Field): (bigint | number)[] {
    const parse = numberParsers[field.type] ?? parseFloat32;
    return this.scalars(field)
      .map(parse)
      .filter((value) => typeof value !== "string") as (bigint | number)[];
  }

  addresses(field: Field): string[] {
    return this.scalars(field)
      .map(parseAddressValue)
      .filter((value) => value !== "invalid");
  }

  flags(field: Field): boolean[] {
    return this.scalars(field)
      .map(parseBoolean)
      .filter((value) => typeof value === "boolean");
  }

  timestamps(): readonly number[] {
    if (this.times === undefined) {
      const field = this.fields.byPath("@timestamp") as Field;
      const times = this.scalars(field)
        .map(parseDateValue)
        .filter((ms) => typeof ms === "number");
      this.times = times.length === 0 ? [this.row.timestampMs] : times;
    }
    return this.times;
  }

  exists(field: Field, keyword: boolean): boolean {
    if (keyword || field.type === "keyword") return this.keywords(field).length > 0;
    if (field.type === "text" || field.isTime) return this.scalars(field).length > 0;
    if (field.type === "ip") return this.addresses(field).length > 0;
    return field.type === "boolean" ? this.flags(field).length > 0 : this.numbers(field).length > 0;
  }
}

const numberParsers: Readonly<Record<string, (value: Scalar) => bigint | number | string>> = {
  long: parseLong,
  double: parseDouble,
  date: parseDateValue,
};
