/** The values of one stored document, field by field, for conditions that the token index cannot answer alone. */

import { ExactNumber, parseJson, type Scalar } from "../../exact-json";
import { type Field, type FieldMap, keywordLimit } from "./fields";
import { keyNames } from "./rules";
import { tokenize } from "./tokens";
import { parseBoolean, parseDateValue, parseFloat32, parseLong, scalarText } from "./values";

export class DocumentView {
  private readonly values = new Map<Field, Scalar[]>();
  private readonly tokensOf = new Map<Field, string[][]>();
  private times: number[] | undefined;

  /** `timestampMs` is that of the row, for documents without one of their own. */
  constructor(
    source: string,
    private readonly fields: FieldMap,
    private readonly timestampMs: number,
  ) {
    this.object(parseJson(source) as object, fields.root);
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
      const known = this.values.get(field);
      if (known === undefined) this.values.set(field, [value as Scalar]);
      else known.push(value as Scalar);
    }
  }

  private scalars(field: Field): readonly Scalar[] {
    return this.values.get(field) ?? [];
  }

  texts(field: Field): string[] {
    return this.scalars(field).map(scalarText);
  }

  /** The values that `.keyword` holds. */
  keywords(field: Field): string[] {
    return this.texts(field).filter((text) => text.length <= keywordLimit);
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
    const parse: (value: Scalar) => bigint | number | string =
      field.type === "long" ? parseLong : parseFloat32;
    return this.scalars(field)
      .map(parse)
      .filter((value) => typeof value !== "string") as (bigint | number)[];
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
      this.times = times.length === 0 ? [this.timestampMs] : times;
    }
    return this.times;
  }

  exists(field: Field, keyword: boolean): boolean {
    if (field.type === "text") return (keyword ? this.keywords(field) : this.texts(field)).length > 0;
    return field.type === "boolean" ? this.flags(field).length > 0 : this.numbers(field).length > 0;
  }
}
