/** From the text of a document to its index tokens, or to the reason why it is refused. */

import { ExactNumber, type Scalar } from "../../exact-json";
import { depthLimit, Field, type FieldMap, type FieldType, keywordLimit, totalFieldsLimit } from "./fields";
import { hasDoubleKey } from "./json-text";
import { keyNames, metadataFields, parseObject, refuse } from "./rules";
import { tokenizeInto } from "./tokens";
import { type Parsed, parseBoolean, parseDateValue, parseFloat32, parseLong, scalarText } from "./values";

export interface Analyzed {
  /** All tokens, a blank before each. */
  readonly tokens: string;
  /** `@timestamp` of the document; undefined where it has none. */
  readonly timestampMs: number | undefined;
  /** More than one value of `@timestamp`. */
  readonly manyTimestamps: boolean;
}

function typeOf(value: Scalar): FieldType {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "boolean";
  if (value instanceof ExactNumber) return value.isInteger ? "long" : "float";
  return Number.isInteger(value) ? "long" : "float";
}

function parsedText(field: Field, value: Scalar): Parsed<string> {
  const parsed =
    field.type === "long"
      ? parseLong(value)
      : field.type === "float"
        ? parseFloat32(value)
        : parseBoolean(value);
  return typeof parsed === "string" ? parsed : String(Object.is(parsed, -0) ? 0 : parsed);
}

/** Analyzes documents of one index, letting its field map grow. */
export class DocumentAnalyzer {
  private tokens = "";
  private shape = "";
  private members = 0;
  private documents = 0;
  private timestamps: number[] = [];
  private overlong: Field[] = [];
  private readonly scratch: string[] = [];
  private created = false;

  constructor(private readonly fields: FieldMap) {}

  /** Throws {@link DocumentRefused}; the field map is then as before. */
  analyze(source: string): Analyzed {
    const before = this.fields.list.length;
    this.tokens = "";
    this.shape = "";
    this.members = 0;
    this.documents++;
    this.timestamps = [];
    this.created = false;
    try {
      this.object(parseObject(source), this.fields.root);
      if (hasDoubleKey(source, this.members))
        refuse("mapper_parsing_exception", "failed to parse: Duplicate field");
      if (this.created) this.checkLimits(before);
    } catch (error) {
      this.overlong.length = 0;
      this.fields.truncate(before);
      throw error;
    }
    this.addShape();
    const many = this.timestamps.length > 1;
    return {
      tokens: this.tokens,
      timestampMs: many ? Math.max(...this.timestamps) : this.timestamps[0],
      manyTimestamps: many,
    };
  }

  private object(value: object, parent: Field): void {
    for (const key in value) {
      this.members++;
      const child = (value as Record<string, unknown>)[key];
      if (key === "" || key.includes(".")) {
        const names = keyNames(key);
        if (parent.depth + names.length > 10 * depthLimit)
          refuse("illegal_argument_exception", "too many levels of fields");
        let at = parent;
        for (const name of names.slice(0, -1)) at = this.parent(at, name, key, child);
        this.value(child, at, names.at(-1) as string);
      } else {
        if (parent.id < 0 && key.charCodeAt(0) === 95 && metadataFields.has(key)) {
          const reason = `Field [${key}] is a metadata field and cannot be added inside a document. Use the index API request parameters.`;
          refuse("mapper_parsing_exception", reason);
        }
        this.value(child, parent, key);
      }
    }
  }

  private parent(at: Field, name: string, key: string, value: unknown): Field {
    const known = at.children?.get(name);
    if (known === undefined)
      return value === null ? new Field(-2, name, "object", at.depth + 1) : this.create(at, name, "object");
    if (known.type === "object") return known;
    const reason = `Could not dynamically add mapping for field [${key}]. Existing mapping for [${known.path}] must be of type object but found [${known.type}].`;
    return refuse("mapper_parsing_exception", reason);
  }

  private create(parent: Field, name: string, type: FieldType): Field {
    this.created = true;
    return this.fields.add(parent, name, type);
  }

  private value(value: unknown, parent: Field, name: string): void {
    if (value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.value(item, parent, name);
      return;
    }
    let field = parent.children?.get(name);
    if (typeof value === "object" && !(value instanceof ExactNumber)) {
      field ??= this.create(parent, name, "object");
      if (field.type !== "object") {
        refuse(
          "mapper_parsing_exception",
          `failed to parse field [${field.path}] of type [${field.type}]: it is an object here`,
        );
      }
      this.object(value, field);
      return;
    }
    field ??= this.create(parent, name, typeOf(value as Scalar));
    this.scalar(value as Scalar, field);
  }

  private scalar(value: Scalar, field: Field): void {
    if (field.type === "text") {
      this.text(scalarText(value), field);
    } else if (field.type === "date") {
      const ms = parseDateValue(value);
      if (typeof ms === "string") this.invalid(field, value);
      else this.timestamps.push(ms);
    } else if (field.type === "object") {
      const reason = `object mapping for [${field.path}] tried to parse field [${field.path}] as object, but found a concrete value`;
      refuse("mapper_parsing_exception", reason);
    } else {
      const text = parsedText(field, value);
      if (text === "invalid") this.invalid(field, value);
      if (text === "nothing") return;
      this.tokens += ` ${field.tokenPrefix}${text}`;
      this.seen(field);
    }
  }

  private invalid(field: Field, value: Scalar): never {
    const preview = scalarText(value).slice(0, 100);
    const reason = `failed to parse field [${field.path}] of type [${field.type}]. Preview of field's value: '${preview}'`;
    return refuse("mapper_parsing_exception", reason);
  }

  private text(text: string, field: Field): void {
    const { scratch } = this;
    scratch.length = 0;
    tokenizeInto(text, scratch);
    const before = ` ${field.tokenPrefix}`;
    for (const token of scratch) this.tokens += before + token;
    this.seen(field);
    if (!field.hasKeyword) return;
    if (text.length > keywordLimit) {
      this.overlong.push(field);
      return;
    }
    field.keywordAt = this.documents;
    if (field.values !== undefined) {
      const number = this.fields.valueNumber(field, text);
      if (number !== undefined) this.tokens += ` ${field.id.toString(36)}=${number}`;
    }
  }

  private seen(field: Field): void {
    if (field.seenAt === this.documents) return;
    field.seenAt = this.documents;
    this.shape += this.shape === "" ? field.id : `,${field.id}`;
  }

  /** The first shape costs no token; beyond the limit each field of the document is marked on its own. */
  private addShape(): void {
    if (this.overlong.length > 0) {
      const without = new Set(this.overlong.filter((field) => field.keywordAt !== this.documents));
      for (const field of without) this.shape += `,-${field.id}`;
      this.overlong.length = 0;
    }
    const number = this.fields.shape(this.shape);
    if (number === 0) return;
    if (number !== undefined) {
      this.tokens += ` !${number}`;
      return;
    }
    this.tokens += " !x";
    const ids = this.shape === "" ? [] : this.shape.split(",").map(Number);
    for (const id of ids) {
      if (id < 0) continue;
      const field = this.fields.list[id] as Field;
      this.tokens += ` ${id.toString(36)}!`;
      if (field.keywordAt === this.documents) this.tokens += ` ${id.toString(36)}!!`;
    }
  }

  private checkLimits(before: number): void {
    if (this.fields.total > totalFieldsLimit) {
      refuse("illegal_argument_exception", `Limit of total fields [${totalFieldsLimit}] has been exceeded`);
    }
    for (const field of this.fields.list.slice(before)) {
      if (field.type === "object" && field.depth >= depthLimit) {
        refuse(
          "illegal_argument_exception",
          `Limit of mapping depth [${depthLimit}] has been exceeded due to object field [${field.path}]`,
        );
      }
    }
  }
}
