/** From the text of a document to its index tokens, or to the reason why it is refused. */
import { ExactNumber, type Scalar } from "../../exact-json";
import { parseDate } from "./dates";
import type { DocumentTokens } from "./document-tokens";
import { hasDoubleKey } from "./double-keys";
import { Field, type FieldMap } from "./fields";
import { IndexedValues } from "./indexed-values";
import type { FieldSpec, ValueKind } from "./mapping";
import { PlainDocument } from "./plain-document";
import { keyNames, metadataFields, parseObject, refuse } from "./rules";

export interface Analyzed {
  /** As long as no other document is analyzed. */
  readonly tokens: DocumentTokens;
  /** `@timestamp` of the document; undefined where it has none. */
  readonly timestampMs: number | undefined;
  /** The document has more values of `@timestamp`, or one that is beyond what JavaScript calls a date. */
  readonly oddTimestamps: boolean;
  /** It was read from its bytes, which are ASCII. */
  readonly isPlain: boolean;
}

/** The years -271821 to 275760; a real index takes times beyond, and so do the documents. */
const dateLimitMs = 8.64e15;

function kindOf(value: Scalar): ValueKind {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (value instanceof ExactNumber) return value.isInteger ? "long" : "double";
  return Number.isInteger(value) ? "long" : "double";
}

/** Analyzes documents of one index, letting its field map grow. */
export class DocumentAnalyzer {
  private readonly values: IndexedValues;
  private readonly plain: PlainDocument;
  private members = 0;
  private arrays = 0;
  /** Fields from this one on are new with this document. */
  private firstNew = 0;

  constructor(private readonly fields: FieldMap) {
    this.values = new IndexedValues(fields);
    this.plain = new PlainDocument(fields);
  }

  /** Throws {@link DocumentRefused}; the field map is then as before. */
  analyze(source: string): Analyzed {
    return this.take(source);
  }

  /** The same of the bytes of a document that is plain, at a fraction of the cost; undefined: it is not. */
  analyzePlain(bytes: Buffer, start: number, end: number): Analyzed | undefined {
    return this.plain.read(bytes, start, end) ? this.take(this.plain) : undefined;
  }

  private take(source: string | PlainDocument): Analyzed {
    this.firstNew = this.fields.list.length;
    this.values.begin();
    this.members = 0;
    this.arrays = 0;
    try {
      if (typeof source === "string") this.parsed(source);
      else this.plainValues(source);
      this.values.addIgnored();
    } catch (error) {
      this.fields.truncate(this.firstNew);
      throw error;
    }
    this.values.addShape();
    const { tokens, times, newestMs } = this.values;
    const isPlain = typeof source !== "string" && source.isAscii;
    if (times === 0) {
      this.fields.noteTimeless();
      return { tokens, timestampMs: undefined, oddTimestamps: false, isPlain };
    }
    const timestampMs = Math.max(-dateLimitMs, Math.min(dateLimitMs, newestMs));
    return { tokens, timestampMs, oddTimestamps: times > 1 || timestampMs !== newestMs, isPlain };
  }

  private parsed(source: string): void {
    this.object(parseObject(source), this.fields.root);
    if (hasDoubleKey(source, this.members))
      refuse("mapper_parsing_exception", "failed to parse: Duplicate field");
    if (this.fields.list.length > this.firstNew) this.checkLimits();
  }

  private plainValues(plain: PlainDocument): void {
    for (let place = 0; place < plain.count; place++) {
      const field = plain.fields[place] as Field;
      this.values.indexPlain(plain, place, field);
      for (const copy of field.copies) this.values.indexPlain(plain, place, copy);
    }
  }

  private object(value: object, parent: Field): void {
    for (const key in value) {
      this.members++;
      const child = (value as Record<string, unknown>)[key];
      if (key === "" || key.includes(".")) {
        const names = keyNames(key);
        if (parent.depth + names.length > 10 * this.fields.mapping.depthLimit)
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
    const object: FieldSpec = { type: "object" };
    if (known === undefined)
      return value === null ? new Field(-2, name, object, at.depth + 1) : this.fields.add(at, name, object);
    if (known.type === "object") return known;
    const reason = `Could not dynamically add mapping for field [${key}]. Existing mapping for [${known.path}] must be of type object but found [${known.type}].`;
    return refuse("mapper_parsing_exception", reason);
  }

  private value(value: unknown, parent: Field, name: string): void {
    if (value === null) return;
    if (Array.isArray(value)) {
      const { depthLimit } = this.fields.mapping;
      if (++this.arrays > depthLimit) {
        const reason = `The depth of the nested array field has exceeded the allowed limit of [${depthLimit}]`;
        refuse("mapper_parsing_exception", reason);
      }
      for (const item of value) this.value(item, parent, name);
      this.arrays--;
      return;
    }
    const field = parent.children?.get(name);
    if (typeof value === "object" && !(value instanceof ExactNumber)) {
      if (field !== undefined && field.type !== "object") {
        refuse(
          "mapper_parsing_exception",
          `failed to parse field [${field.path}] of type [${field.type}]: it is an object here`,
        );
      }
      const object = field ?? this.newObject(parent, name);
      this.object(value, object);
      return;
    }
    this.scalar(value as Scalar, field ?? this.fields.add(parent, name, this.specOf(value as Scalar)));
  }

  /** Below so many levels nothing is looked at: the document is refused for them. */
  private newObject(parent: Field, name: string): Field {
    const { depthLimit } = this.fields.mapping;
    if (parent.depth > 10 * depthLimit) refuse("illegal_argument_exception", "too many levels of fields");
    return this.fields.add(parent, name, { type: "object" });
  }

  private specOf(value: Scalar): FieldSpec {
    const { dynamic, dateDetection } = this.fields.mapping;
    // Digits alone are no date, as they may be anything.
    if (
      dateDetection &&
      typeof value === "string" &&
      value.includes("-", 1) &&
      parseDate(value) !== undefined
    )
      return { type: "date" };
    return dynamic[kindOf(value)];
  }

  private scalar(value: Scalar, field: Field): void {
    if (field.id >= this.firstNew) this.checkSame(value, field);
    this.values.index(value, field);
    for (const copy of field.copies) this.values.index(value, copy);
  }

  /** Values that would make two types of one new field quarrel within their own document. */
  private checkSame(value: Scalar, field: Field): void {
    const { type } = this.specOf(value);
    if (type === field.type || field.type === "object") return;
    const reason = `mapper [${field.path}] cannot be changed from type [${field.type}] to [${type}]`;
    refuse("illegal_argument_exception", reason);
  }

  private checkLimits(): void {
    const { totalFieldsLimit, depthLimit } = this.fields.mapping;
    if (this.fields.total > totalFieldsLimit) {
      refuse("illegal_argument_exception", `Limit of total fields [${totalFieldsLimit}] has been exceeded`);
    }
    for (const field of this.fields.list.slice(this.firstNew)) {
      if (field.type === "object" && field.depth >= depthLimit) {
        refuse(
          "illegal_argument_exception",
          `Limit of mapping depth [${depthLimit}] has been exceeded due to object field [${field.path}]`,
        );
      }
    }
  }
}
