/** From the text of a document to its index tokens, or to the reason why it is refused. */
import { ExactNumber, type Scalar } from "../../exact-json";
import { parseDate } from "./dates";
import { DocumentTokens } from "./document-tokens";
import { hasDoubleKey } from "./double-keys";
import { Field, type FieldMap } from "./fields";
import type { FieldSpec, ValueKind } from "./mapping";
import { keyNames, metadataFields, parseObject, refuse } from "./rules";
import { beginningToken, type ValueList } from "./value-list";
import { parseDateValue, parsedText, scalarText } from "./values";

export interface Analyzed {
  /** As long as no other document is analyzed. */
  readonly tokens: DocumentTokens;
  /** `@timestamp` of the document; undefined where it has none. */
  readonly timestampMs: number | undefined;
  /** The document has more values of `@timestamp`, or one that is beyond what JavaScript calls a date. */
  readonly oddTimestamps: boolean;
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
  private readonly tokens = new DocumentTokens();
  private shape = "";
  private members = 0;
  private arrays = 0;
  private documents = 0;
  /** Values of `@timestamp`, and the greatest one. */
  private times = 0;
  private newestMs = Number.NEGATIVE_INFINITY;
  private overlong: Field[] = [];
  private readonly ignored = new Set<string>();
  /** Fields from this one on are new with this document. */
  private firstNew = 0;

  constructor(private readonly fields: FieldMap) {}

  /** Throws {@link DocumentRefused}; the field map is then as before. */
  analyze(source: string): Analyzed {
    this.firstNew = this.fields.list.length;
    this.tokens.clear();
    this.shape = "";
    this.members = 0;
    this.arrays = 0;
    this.documents++;
    this.times = 0;
    this.newestMs = Number.NEGATIVE_INFINITY;
    try {
      this.object(parseObject(source), this.fields.root);
      if (hasDoubleKey(source, this.members))
        refuse("mapper_parsing_exception", "failed to parse: Duplicate field");
      if (this.fields.list.length > this.firstNew) this.checkLimits();
      for (const path of this.ignored) this.text(path, this.fields.ignored());
    } catch (error) {
      this.overlong.length = 0;
      this.fields.truncate(this.firstNew);
      throw error;
    } finally {
      this.ignored.clear();
    }
    this.addShape();
    const { tokens, times, newestMs } = this;
    if (times === 0) {
      this.fields.noteTimeless();
      return { tokens, timestampMs: undefined, oddTimestamps: false };
    }
    const timestampMs = Math.max(-dateLimitMs, Math.min(dateLimitMs, newestMs));
    return { tokens, timestampMs, oddTimestamps: times > 1 || timestampMs !== newestMs };
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
    this.index(value, field);
    for (const copy of field.copies) this.index(value, copy);
  }

  private index(value: Scalar, field: Field): void {
    if (field.type === "text" || field.type === "keyword") {
      this.text(scalarText(value), field);
    } else if (field.isTime) {
      const ms = parseDateValue(value);
      if (typeof ms === "string") this.invalid(field, value);
      else {
        this.times++;
        this.newestMs = Math.max(this.newestMs, ms);
      }
      this.seen(field);
    } else if (field.type === "object") {
      const reason = `object mapping for [${field.path}] tried to parse field [${field.path}] as object, but found a concrete value`;
      refuse("mapper_parsing_exception", reason);
    } else {
      const text = parsedText(field.type, value);
      if (text === "nothing") return;
      if (text === "invalid") {
        this.invalid(field, value);
        return;
      }
      this.tokens.add(field.tokenPrefix, text);
      if (field.seenAt === this.documents) this.fields.noteSeveral(field);
      this.seen(field);
    }
  }

  /** Values that would make two types of one new field quarrel within their own document. */
  private checkSame(value: Scalar, field: Field): void {
    const { type } = this.specOf(value);
    if (type === field.type || field.type === "object") return;
    const reason = `mapper [${field.path}] cannot be changed from type [${field.type}] to [${type}]`;
    refuse("illegal_argument_exception", reason);
  }

  private invalid(field: Field, value: Scalar): void {
    if (field.ignoreMalformed) {
      this.ignored.add(field.path);
      return;
    }
    const preview = scalarText(value).slice(0, 100);
    const reason = `failed to parse field [${field.path}] of type [${field.type}]. Preview of field's value: '${preview}'`;
    refuse("mapper_parsing_exception", reason);
  }

  private text(text: string, field: Field): void {
    const isOverlong = text.length > field.ignoreAbove;
    if (isOverlong && field.type === "keyword") return;
    const { tokens } = this;
    const first = tokens.count;
    tokens.addWords(field.tokenPrefix, text);
    const end = tokens.count;
    this.seen(field);
    const isListed = field.hasKeyword && this.whole(text, field, isOverlong);
    // A listed value tells its phrases by itself.
    if (!isListed && field.type === "text") tokens.noteRun(first, end);
  }

  /** The token of a whole value; true: the value is listed. */
  private whole(text: string, field: Field, isOverlong: boolean): boolean {
    if (isOverlong) {
      this.overlong.push(field);
      return false;
    }
    field.keywordAt = this.documents;
    const number = this.fields.valueNumber(field.values as ValueList, text);
    if (number === undefined) this.tokens.add(beginningToken(field.beginningPrefix, text), "");
    else this.tokens.add(field.valuePrefix, `${number}`);
    return number !== undefined;
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
      this.tokens.add("!", `${number}`);
      return;
    }
    this.tokens.add("!x", "");
    const ids = this.shape === "" ? [] : this.shape.split(",").map(Number);
    for (const id of ids) {
      if (id < 0) continue;
      const field = this.fields.list[id] as Field;
      this.tokens.add(id.toString(36), "!");
      if (field.keywordAt === this.documents) this.tokens.add(id.toString(36), "!!");
    }
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
