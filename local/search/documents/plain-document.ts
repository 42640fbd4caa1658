/**
 * Reads a document from its bytes where it is like those before: all fields are known, their names are plain, and numbers
 * are such as JavaScript would write them. It tells where each value lies and makes nothing of it. Of any other document it
 * says no more than that: `JSON.parse` reads it, and says what is wrong with it.
 */
import { doubled } from "./doubled";
import type { Field, FieldMap } from "./fields";

export const plainText = 0;
export const plainInteger = 1;
export const plainDecimal = 2;
export const plainBoolean = 3;
/** Text with escapes, or with more than ASCII. */
export const otherText = 4;

const [blank, quote, comma, minus, point, zero, nine, colon] = [32, 34, 44, 45, 46, 48, 57, 58];
const [openArray, backslash, closeArray, openObject, closeObject] = [91, 92, 93, 123, 125];

/** Of a number of more digits JavaScript's own has others. */
const mostDigits = 15;
/** One that begins with `0.` and has more behind the point may be so small that JavaScript writes an exponent. */
const mostDigitsOfSmall = 6;

/** What may stand behind a backslash; behind `u` follow four hexadecimal digits. */
const [escapes, unicode, hexDigits] = [Buffer.from('"\\/bfnrt'), 117, /^[\dA-Fa-f]{4}$/];

/** Bytes that end a stretch of plain text. */
const endsText = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < blank || byte > 127 || byte === quote || byte === backslash),
);

/** A member of an object as it stands in documents. */
class Member {
  /** The member that followed it the last time: mostly the same does again. */
  next: Member | undefined;
  /** Number of the object that had it last: none has it twice. */
  lastIn = 0;
  readonly members: Members | undefined;
  /** With quotes and colon. */
  readonly text: Uint8Array;

  constructor(
    name: string,
    readonly field: Field,
  ) {
    this.text = Buffer.from(`"${name}":`);
    this.members = field.type === "object" ? new Members(field) : undefined;
  }
}

/** The members of an object that documents have had. */
class Members {
  first: Member | undefined;
  private readonly byName = new Map<string, Member>();

  constructor(private readonly parent: Field) {}

  /** Undefined: no field that is known, or one whose name says more. */
  of(name: string): Member | undefined {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const field = this.parent.children?.get(name);
    // JSON.parse hands names like numbers over before all others; metadata begin with `_`.
    if (field === undefined || /^\d/.test(name) || (this.parent.id < 0 && name.startsWith("_")))
      return undefined;
    const member = new Member(name, field);
    this.byName.set(name, member);
    return member;
  }
}

/** One object for all documents of an index. */
export class PlainDocument {
  bytes: Buffer = Buffer.alloc(0);
  count = 0;
  /** Of each value, in their order: what it is of, its kind, and where it lies. */
  readonly fields: Field[] = [];
  kinds = new Int32Array(64);
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  private at = 0;
  private end = 0;
  private objects = 0;
  private isInArray = false;
  /** Whether the text that was looked at last is none but its bytes. */
  private isPlainText = true;
  /** Whether there is nothing but ASCII in the document. */
  isAscii = true;
  private readonly root: Members;

  constructor(fields: FieldMap) {
    this.root = new Members(fields.root);
  }

  /** False: the document is not plain. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.count = 0;
    this.isInArray = false;
    this.isAscii = true;
    return bytes[start] === openObject && this.object(this.root) && this.skipBlanks() === end;
  }

  /** From its `{` on. Beyond the end of the document there is another one, or nothing: both are found out at the end. */
  private object(members: Members): boolean {
    const { bytes } = this;
    const number = ++this.objects;
    let before: Member | undefined;
    this.at++;
    if (bytes[this.skipBlanks()] === closeObject) {
      this.at++;
      return true;
    }
    while (this.at < this.end) {
      const expected = before === undefined ? members.first : before.next;
      const member = expected !== undefined && this.has(expected.text) ? expected : this.find(members);
      if (member === undefined || member.lastIn === number) return false;
      member.lastIn = number;
      if (before === undefined) members.first = member;
      else before.next = member;
      before = member;
      if (!this.value(member)) return false;
      const sign = bytes[this.skipBlanks()];
      this.at++;
      if (sign === closeObject) return true;
      if (sign !== comma) return false;
      this.skipBlanks();
    }
    return false;
  }

  private skipBlanks(): number {
    while (this.bytes[this.at] === blank) this.at++;
    return this.at;
  }

  /** Whether these bytes come next; they are passed then. */
  private has(text: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let place = 0; place < text.length; place++) if (bytes[at + place] !== text[place]) return false;
    this.at = at + text.length;
    return true;
  }

  private find(members: Members): Member | undefined {
    const start = this.at + 1;
    const end = this.bytes[this.at] === quote ? this.textEnd(start) : -1;
    if (end < 0 || !this.isPlainText) return undefined;
    this.at = end + 1;
    if (this.bytes[this.skipBlanks()] !== colon) return undefined;
    this.at++;
    return members.of(this.bytes.toString("latin1", start, end));
  }

  /** Where the quote is that ends a text; -1: there is none, or what stands before it is no text. */
  private textEnd(start: number): number {
    const { bytes, end } = this;
    this.isPlainText = true;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (endsText[byte] === 0) continue;
      if (byte === quote) return at;
      this.isPlainText = false;
      if (byte > 127) this.isAscii = false;
      else if (byte !== backslash) return -1;
      else if (bytes[++at] === unicode) {
        if (!hexDigits.test(bytes.toString("latin1", at + 1, at + 5))) return -1;
      } else if (!escapes.includes(bytes[at] as number)) return -1;
    }
    return -1;
  }

  private value(member: Member): boolean {
    const sign = this.bytes[this.skipBlanks()];
    if (sign === quote) return this.text(member.field);
    if (sign === openObject) return member.members !== undefined && this.object(member.members);
    return sign === openArray ? this.array(member) : this.literal(member.field);
  }

  /** Arrays within arrays are counted by who reads them otherwise. */
  private array(member: Member): boolean {
    if (this.isInArray) return false;
    this.isInArray = true;
    this.at++;
    let sign = this.bytes[this.skipBlanks()];
    if (sign === closeArray) this.at++;
    while (sign !== closeArray) {
      if (this.at >= this.end || !this.value(member)) return false;
      sign = this.bytes[this.skipBlanks()];
      this.at++;
      if (sign !== closeArray && sign !== comma) return false;
    }
    this.isInArray = false;
    return true;
  }

  private text(field: Field): boolean {
    const start = this.at + 1;
    const end = this.textEnd(start);
    return end >= 0 && this.note(field, this.isPlainText ? plainText : otherText, start, end, end + 1);
  }

  private literal(field: Field): boolean {
    if (this.has(nullText)) return true;
    const start = this.at;
    if (this.has(trueText) || this.has(falseText))
      return this.note(field, plainBoolean, start, this.at, this.at);
    return this.number(field);
  }

  private number(field: Field): boolean {
    const { bytes, at: start } = this;
    const first = bytes[start] === minus ? start + 1 : start;
    let end = this.digitsEnd(first);
    const isZero = bytes[first] === zero;
    if (end === first || (isZero && end > first + 1)) return false;
    let digits = end - first;
    const isDecimal = bytes[end] === point;
    if (isDecimal) {
      const behind = end + 1;
      end = this.digitsEnd(behind);
      digits += end - behind;
      if (end === behind || bytes[end - 1] === zero || (isZero && end - behind > mostDigitsOfSmall))
        return false;
    } else if (isZero && first > start) return false;
    return digits <= mostDigits && this.note(field, isDecimal ? plainDecimal : plainInteger, start, end, end);
  }

  private digitsEnd(start: number): number {
    const { bytes, end } = this;
    let at = start;
    while (at < end && (bytes[at] as number) >= zero && (bytes[at] as number) <= nine) at++;
    return at;
  }

  private note(field: Field, kind: number, start: number, end: number, at: number): boolean {
    const { count } = this;
    if (count === this.kinds.length) {
      this.kinds = doubled(this.kinds);
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.fields[count] = field;
    this.kinds[count] = kind;
    this.starts[count] = start;
    this.ends[count] = end;
    this.count++;
    this.at = at;
    // Who reads it otherwise says why.
    return field.type !== "object";
  }

  /** What `JSON.parse` would have made of a value. */
  scalar(place: number): string | number | boolean {
    const { bytes } = this;
    const [start, end] = [this.starts[place] as number, this.ends[place] as number];
    const kind = this.kinds[place];
    if (kind === otherText) return JSON.parse(bytes.toString("utf8", start - 1, end + 1)) as string;
    const text = bytes.toString("latin1", start, end);
    if (kind === plainText) return text;
    return kind === plainBoolean ? text === "true" : Number(text);
  }
}

const [nullText, trueText, falseText] = ["null", "true", "false"].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
  Buffer,
];
