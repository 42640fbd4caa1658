/** What the values of one document leave in the index, field by field. One object for all documents of an index. */
import type { Scalar } from "../../exact-json";
import { DocumentShape } from "./document-shape";
import { DocumentTokens } from "./document-tokens";
import type { Field, FieldMap } from "./fields";
import type { FieldType } from "./mapping";
import {
  otherText,
  type PlainDocument,
  plainBoolean,
  plainDecimal,
  plainInteger,
  plainText,
} from "./plain-document";
import { RepeatedTime } from "./repeated-time";
import { refuse } from "./rules";
import { beginningOfBytes, beginningToken, type ValueList } from "./value-list";
import { parseDateValue, parsedText, scalarText } from "./values";

/** Whether the bytes of a plain value are its token in a field of this type. */
function isTokenAsItStands(type: FieldType, kind: number): boolean {
  if (type === "long") return kind === plainInteger;
  if (type === "double") return kind === plainInteger || kind === plainDecimal;
  return type === "boolean" && kind === plainBoolean;
}

const isLeftOut = (units: number, field: Field): boolean =>
  field.type === "keyword" && units > field.ignoreAbove;

export class IndexedValues {
  readonly tokens = new DocumentTokens();
  /** Values of `@timestamp`, and the greatest one. */
  times = 0;
  newestMs = Number.NEGATIVE_INFINITY;
  private readonly shape: DocumentShape;
  private readonly timeBefore = new RepeatedTime();
  private documents = 0;
  private overlong: Field[] = [];
  private readonly ignored = new Set<string>();

  constructor(private readonly fields: FieldMap) {
    this.shape = new DocumentShape(fields);
  }

  /** Another document begins. */
  begin(): void {
    this.tokens.clear();
    this.shape.clear();
    this.documents++;
    this.times = 0;
    this.newestMs = Number.NEGATIVE_INFINITY;
    this.overlong.length = 0;
    if (this.ignored.size > 0) this.ignored.clear();
  }

  index(value: Scalar, field: Field): void {
    if (field.type === "text" || field.type === "keyword") {
      this.text(scalarText(value), field);
    } else if (field.isTime) {
      const ms = parseDateValue(value);
      if (typeof ms === "string") this.invalid(field, value);
      else this.time(ms);
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
      this.seenTyped(field);
    }
  }

  /** What `index` makes of the value, without making a value of it where its bytes are what is indexed. */
  indexPlain(plain: PlainDocument, place: number, field: Field): void {
    const { tokens } = this;
    const [start, end] = [plain.starts[place] as number, plain.ends[place] as number];
    const kind = plain.kinds[place] as number;
    if (kind !== otherText && (field.type === "text" || field.type === "keyword")) {
      this.asciiText(plain.bytes, start, end, field);
    } else if (isTokenAsItStands(field.type, kind)) {
      tokens.addBytes(field.tokenPrefix, plain.bytes, start, end);
      this.seenTyped(field);
    } else if (field.isTime && kind === plainText) this.plainTime(plain.bytes, start, end, field);
    else this.index(plain.scalar(place), field);
  }

  private plainTime(bytes: Buffer, start: number, end: number, field: Field): void {
    const ms = this.timeBefore.of(bytes, start, end);
    if (ms === undefined) this.invalid(field, bytes.toString("latin1", start, end));
    else this.time(ms);
    this.seen(field);
  }

  private time(ms: number): void {
    this.times++;
    this.newestMs = Math.max(this.newestMs, ms);
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
    if (isLeftOut(text.length, field)) return;
    const { tokens } = this;
    const first = tokens.count;
    tokens.addWords(field.tokenPrefix, text);
    const end = tokens.count;
    const values = this.wholeValues(field, text.length);
    const number = values && this.fields.valueNumber(values, text);
    if (values !== undefined && number === undefined)
      tokens.add(beginningToken(field.beginningPrefix, text), "");
    this.noteText(field, first, end, number);
  }

  /** The same of the bytes of a text, which are ASCII. */
  private asciiText(bytes: Buffer, start: number, stop: number, field: Field): void {
    if (isLeftOut(stop - start, field)) return;
    const { tokens } = this;
    const first = tokens.count;
    tokens.addAsciiWords(field.tokenPrefix, bytes, start, stop);
    const end = tokens.count;
    const values = this.wholeValues(field, stop - start);
    const number = values && this.fields.valueNumberOfBytes(values, bytes, start, stop);
    if (values !== undefined && number === undefined)
      tokens.add(beginningOfBytes(field.beginningPrefix, bytes, start, stop), "");
    this.noteText(field, first, end, number);
  }

  /** Those of a field where a text of so many units leaves a token for its whole value. */
  private wholeValues(field: Field, units: number): ValueList | undefined {
    if (!field.hasKeyword) return undefined;
    if (units > field.ignoreAbove) {
      this.overlong.push(field);
      this.fields.noteOverlong(field);
      return undefined;
    }
    field.keywordAt = this.documents;
    return field.values;
  }

  /** A text whose words are the tokens from `first` up to `end`; the number is that of its whole value, where it is listed. */
  private noteText(field: Field, first: number, end: number, number: number | undefined): void {
    this.seen(field);
    if (number !== undefined) this.tokens.add(field.valuePrefix, `${number}`);
    // A listed value tells its phrases by itself.
    else if (field.type === "text") this.tokens.noteRun(first, end);
  }

  private seenTyped(field: Field): void {
    if (field.seenAt === this.documents) this.fields.noteSeveral(field);
    this.seen(field);
  }

  private seen(field: Field): void {
    if (field.seenAt === this.documents) return;
    field.seenAt = this.documents;
    this.shape.has(field.id);
  }

  /** Fields whose value did not fit are values of one more field. */
  addIgnored(): void {
    for (const path of this.ignored) this.text(path, this.fields.ignored());
  }

  /** The first shape costs no token; beyond the limit each field of the document is marked on its own. */
  addShape(): void {
    if (this.overlong.length > 0) {
      const without = new Set(this.overlong.filter((field) => field.keywordAt !== this.documents));
      for (const field of without) this.shape.hasWithoutWhole(field.id);
    }
    const number = this.shape.number();
    if (number === 0) return;
    if (number !== undefined) {
      this.tokens.add("!", `${number}`);
      return;
    }
    this.tokens.add("!x", "");
    for (const id of this.shape.ids()) {
      const field = this.fields.list[id] as Field;
      this.tokens.add(id.toString(36), "!");
      if (field.keywordAt === this.documents) this.tokens.add(id.toString(36), "!!");
    }
  }
}
