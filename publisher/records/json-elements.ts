/**
 * Cuts the elements of one array out of JSON text, such as CloudTrail's `{"Records":[{…},{…}]}`, while it is read.
 * The text of an element stays as it is, digits of large numbers too; only white space between its parts goes, so
 * that it is one line.
 */
import { maxRecordBytes } from "../../firehose/limits";
import { noJsonText } from "../errors";
import type { RefusedLine } from "./lines";
import { type Chunk, quiet } from "./quiet";

export interface ElementOptions {
  /** Name of the array in the outermost object; {@link outermost}: the elements of an outermost array, and outermost objects. */
  readonly key: string;
  /** Called for an element that is too long, with its number from 1. */
  readonly refuse: (element: number) => RefusedLine;
  /** Add a newline to each record. @default true */
  readonly newline?: boolean;
}

/** In place of a key: the file's own values. */
export const outermost = ".";

/** What was found besides the elements. */
export interface ElementsFound {
  /** Arrays under the key, empty ones too. */
  arrays: number;
  /** Keys of the outermost object, the first 20. */
  readonly keys: string[];
  /** Those among them that are arrays. */
  readonly arrayKeys: string[];
  /** Outermost objects and arrays. */
  objects: number;
  outermostArrays: number;
}

export const nothingFound = (): ElementsFound => ({
  arrays: 0,
  keys: [],
  arrayKeys: [],
  objects: 0,
  outermostArrays: 0,
});

const shownKeys = 20;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isOpening = (byte: number) => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number) => byte === 0x7d || byte === 0x5d;

/**
 * The elements as records, in order. Throws where the text is no JSON, or ends inside of a value. A record is lent: its memory is used
 * again as soon as the next one is asked for.
 */
export async function* elementsOf(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  options: ElementOptions,
  found = nothingFound(),
): AsyncGenerator<Uint8Array | typeof quiet> {
  const scanner = new ElementScanner(options, found);
  for await (const chunk of chunks) {
    if (chunk === quiet) yield chunk;
    else yield* scanner.push(chunk);
  }
  scanner.end();
}

class ElementScanner {
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Within the array that is asked for, which is at `arrayDepth`. */
  private inArray = false;
  private readonly arrayDepth: number;
  /** Bytes that have gone by, up to the third: a byte order mark. */
  private begun = 0;
  /** The latest string of the outermost object, and whether a colon made it a key. */
  private latest: number[] = [];
  private key = "";
  private readonly bytes: ElementBytes;
  /** Set while an element goes by. */
  private element: ElementBytes | undefined;
  private elements = 0;

  constructor(
    private readonly options: ElementOptions,
    private readonly found: ElementsFound,
  ) {
    this.bytes = new ElementBytes(options);
    this.arrayDepth = options.key === outermost ? 1 : 2;
  }

  *push(chunk: Buffer): Generator<Uint8Array> {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.begun < byteOrderMark.length && this.isMark(byte)) continue;
      if (this.inString) this.stringByte(byte);
      else if (!isSpace(byte)) {
        const record = this.structureByte(byte);
        if (record) yield record;
      }
    }
  }

  private isMark(byte: number): boolean {
    if (byte === byteOrderMark[this.begun]) this.begun++;
    else this.begun = byteOrderMark.length;
    return this.begun < byteOrderMark.length || byte === byteOrderMark.at(-1);
  }

  end(): void {
    if (this.depth > 0 || this.inString) throw noJsonText("it ends in the middle of a value");
  }

  private stringByte(byte: number): void {
    this.element?.add(byte);
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) {
      this.inString = false;
      return;
    }
    if (this.depth === 1 && this.latest.length < 256) this.latest.push(byte);
  }

  private structureByte(byte: number): Uint8Array | undefined {
    const between = this.inArray && this.depth === this.arrayDepth;
    const closes = isClosing(byte);
    if (between && (byte === 0x2c || closes)) {
      const record = this.endElement();
      if (closes) this.close();
      return record;
    }
    const isWhole = this.depth === 0 && byte === 0x7b && this.options.key === outermost;
    if ((between || isWhole) && !this.element) {
      this.element = this.bytes;
      this.element.begin(++this.elements);
    }
    this.element?.add(byte);
    if (closes) this.close();
    else if (isOpening(byte)) this.open(byte);
    else if (this.depth === 0) throw noJsonText("it is no object and no array");
    else if (byte === QUOTE) {
      this.inString = true;
      this.latest = this.depth === 1 ? [] : this.latest;
    } else if (byte === 0x3a && this.depth === 1) this.takeKey();
    else if (byte === 0x2c && this.depth === 1) this.key = "";
    return this.depth === 0 && this.element ? this.endElement() : undefined;
  }

  private endElement(): Uint8Array | undefined {
    const record = this.element?.end();
    this.element = undefined;
    return record;
  }

  private takeKey(): void {
    this.key = Buffer.from(this.latest).toString();
    if (this.found.keys.length < shownKeys) this.found.keys.push(this.key);
  }

  private open(byte: number): void {
    const isArray = byte === 0x5b;
    this.depth++;
    if (this.depth === 1 && isArray) this.found.outermostArrays++;
    if (this.depth === 1 && !isArray) this.found.objects++;
    if (this.depth === 2 && isArray && this.key !== "" && this.found.arrayKeys.length < shownKeys)
      this.found.arrayKeys.push(this.key);
    if (!isArray || this.depth !== this.arrayDepth) return;
    if (this.depth === 2 && this.key !== this.options.key) return;
    this.inArray = true;
    this.found.arrays++;
  }

  private close(): void {
    this.depth--;
    if (this.depth < 0) throw noJsonText("it closes more than it opens");
    if (this.depth < this.arrayDepth) this.inArray = false;
    if (this.depth === 0) this.key = "";
  }
}

/** The bytes of one element after the other; of one that is too long they go by in pieces. */
class ElementBytes {
  private bytes = Buffer.allocUnsafe(1024);
  private length = 0;
  private passed = 0;
  private refused: RefusedLine | undefined;
  private number = 0;
  private readonly newlineBytes: number;

  constructor(private readonly options: ElementOptions) {
    this.newlineBytes = (options.newline ?? true) ? 1 : 0;
  }

  begin(number: number): void {
    this.number = number;
    this.length = 0;
    this.passed = 0;
    this.refused = undefined;
  }

  add(byte: number): void {
    if (this.length === this.bytes.length) this.grow();
    this.bytes[this.length++] = byte;
  }

  end(): Uint8Array | undefined {
    if (!this.refused && this.length + this.newlineBytes > maxRecordBytes) this.flush();
    if (this.refused) {
      this.flush();
      this.refused.end(this.passed + this.newlineBytes);
      return undefined;
    }
    if (this.length === 0) return undefined; // An empty array.
    if (!isJson(this.bytes.subarray(0, this.length))) throw noJsonText(`element ${this.number} is none`);
    if (this.newlineBytes > 0) this.add(0x0a);
    return this.bytes.subarray(0, this.length);
  }

  private grow(): void {
    if (this.length > maxRecordBytes) {
      this.flush();
      return;
    }
    const larger = Buffer.allocUnsafe(this.length * 2);
    this.bytes.copy(larger);
    this.bytes = larger;
  }

  private flush(): void {
    this.refused ??= this.options.refuse(this.number);
    this.refused.write(this.bytes.subarray(0, this.length));
    this.passed += this.length;
    this.length = 0;
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
