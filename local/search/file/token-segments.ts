/**
 * The token index as FTS5 keeps it, read directly: a question in SQL hands its records out one by one and compares all
 * of its tokens at each step, which is too slow for conditions of thousands of tokens on millions of records.
 *
 * The format, as FTS5's source tells it (https://sqlite.org/src/file/ext/fts5/fts5_index.c): a list of segments, of
 * each its pages in the order of their tokens. A page is two numbers of 16 bits, where the first record stands and
 * where the content ends; the content, tokens as what they have more than the one before, each followed by its records
 * as differences; and the places of the tokens. A list of records that goes on begins anew with each page. Our tables
 * have no positions, and nothing is taken out of them.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RecordSet } from "./record-set";

/** First byte of every token; other lists, of prefixes, have others. */
const mainList = 0x30;
const structureKey = 10;
const headerBytes = 4;
/** Bits of a page's number, of its height in a tree and of its kind, in the key of a page. */
const keysPerSegment = 2 ** 37;
const blockRecords = 65_536;
/** Each of some 4 kB. */
const pagesKept = 256;

/** Looks at a token where it lies in memory: a text made of each would cost more than all the rest. */
export type TokenTest = (bytes: Buffer, begin: number, end: number) => boolean;

/** Tokens from `first` up to `end`; of these, those that pass. */
export interface TokenRange {
  readonly first: string;
  /** Exclusive; undefined: all that begin with `first`. */
  readonly end: string | undefined;
  /** @default all */
  readonly test?: TokenTest | undefined;
}

interface Segment {
  readonly id: number;
  readonly firstPage: number;
  readonly lastPage: number;
}

interface WantedTokens {
  readonly first: Buffer;
  readonly end: Buffer;
  readonly test: TokenTest | undefined;
}

/** Worded as SQLite does, so that it is taken for what it is. */
function malformed(what: string): never {
  throw new Error(`database disk image is malformed: ${what}`);
}

/** Numbers of seven bits a byte, the greatest first. */
class Numbers {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  next(): number {
    let value = 0;
    for (let taken = 0; taken < 8; taken++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) break;
      if (byte < 128) return value * 128 + byte;
      value = value * 128 + (byte - 128);
    }
    return malformed("a number without an end");
  }
}

/** As long as nothing is written: for one question. */
export class TokenSegments {
  private readonly structure: StatementSync;
  private readonly pageBefore: StatementSync;
  private readonly pageAt: StatementSync;
  private found: Segment[] | undefined;
  /** By key: tokens that are asked for together often stand on one page. */
  private readonly pages = new Map<number, Buffer>();

  constructor(db: DatabaseSync, number: number) {
    this.structure = db.prepare(`SELECT block FROM f${number}_data WHERE id = ${structureKey}`);
    this.pageBefore = db.prepare(
      `SELECT pgno >> 1 AS page FROM f${number}_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1`,
    );
    this.pageAt = db.prepare(`SELECT block FROM f${number}_data WHERE id = ?`);
  }

  private page(key: number): Buffer {
    const known = this.pages.get(key);
    if (known !== undefined) return known;
    const block = this.pageAt.get(key)?.["block"] as Uint8Array | undefined;
    if (block === undefined) return malformed("a page is missing");
    const page = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    if (this.pages.size >= pagesKept) this.pages.clear();
    this.pages.set(key, page);
    return page;
  }

  private segments(): Segment[] {
    const block = this.structure.get()?.["block"] as Uint8Array | undefined;
    if (block === undefined) return malformed("no list of segments");
    const numbers = new Numbers(block);
    // A number that changes with the list.
    numbers.at = 4;
    const levels = numbers.next();
    const segments: Segment[] = [];
    const total = numbers.next();
    // What was written so far.
    numbers.next();
    for (let level = 0; level < levels; level++) {
      // Those of a merge under way.
      numbers.next();
      for (let left = numbers.next(); left > 0; left--)
        segments.push({ id: numbers.next(), firstPage: numbers.next(), lastPage: numbers.next() });
    }
    if (segments.length !== total) malformed(`${segments.length} of ${total} segments`);
    return segments;
  }

  /**
   * Adds the records of all wanted tokens, none of which is beyond `lastSeq`; `step` is called page by page and may
   * throw to end it.
   */
  addRecords(range: TokenRange, into: RecordSet, lastSeq: number, step: () => void): void {
    const main = Buffer.of(mainList);
    const first = Buffer.concat([main, Buffer.from(range.first)]);
    // No byte of a text is as great as this.
    const end =
      range.end === undefined
        ? Buffer.concat([first, Buffer.of(0xff)])
        : Buffer.concat([main, Buffer.from(range.end)]);
    const wanted = { first, end, test: range.test };
    this.found ??= this.segments();
    for (const segment of this.found) {
      const found = this.pageBefore.get(segment.id, first) as { page: number } | undefined;
      const walk = new SegmentWalk(wanted, into, lastSeq);
      const key = segment.id * keysPerSegment;
      for (let at = Math.max(segment.firstPage, found?.page ?? 0); at <= segment.lastPage; at++) {
        step();
        if (!walk.page(this.page(key + at))) break;
      }
    }
  }
}

/** One segment, page after page: the tokens and, where one is wanted, its records. */
class SegmentWalk {
  private token = Buffer.alloc(1024);
  private length = 0;
  private isWanted = false;
  private hasBegun = false;
  /** Place of the first byte by which the token is before the end; as long as it stays, so does the token. */
  private beforeEndBy = Number.POSITIVE_INFINITY;
  /** Block that records are added to, and its first number. */
  private words: Uint32Array = new Uint32Array(0);
  private base = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly wanted: WantedTokens,
    private readonly into: RecordSet,
    private readonly lastSeq: number,
  ) {}

  /** False: no token behind this page is wanted. */
  page(page: Buffer): boolean {
    if (page.length < headerBytes) malformed("a page without a header");
    const contentEnd = page.readUInt16BE(2);
    if (contentEnd > page.length) malformed("a page's content is beyond it");
    const places = new Numbers(page);
    places.at = contentEnd;
    let at = places.at < page.length ? places.next() : contentEnd;
    if (this.isWanted) this.records(page, headerBytes, at);
    const { test } = this.wanted;
    let isFirst = true;
    while (at < contentEnd) {
      const next = places.at < page.length ? at + places.next() : contentEnd;
      const begin = this.nextToken(page, at, isFirst);
      if (next > contentEnd || begin > next) malformed("a token is beyond its place");
      isFirst = false;
      if (!this.isBeforeBegin()) {
        if (this.isBehindEnd()) return false;
        this.isWanted = test === undefined || test(this.token, 1, this.length);
        if (this.isWanted) this.records(page, begin, next);
      }
      at = next;
    }
    return true;
  }

  /** Reads the token at a place, and says where its records begin. */
  private nextToken(page: Buffer, place: number, isFirst: boolean): number {
    let at = place;
    let kept = isFirst ? 0 : (page[at++] as number);
    let more = page[at++] as number;
    if (kept >= 128 || more >= 128 || more === undefined) {
      const numbers = new Numbers(page);
      numbers.at = place;
      kept = isFirst ? 0 : numbers.next();
      more = numbers.next();
      ({ at } = numbers);
    }
    const end = at + more;
    if (kept > this.length || end > page.length) malformed("a token is longer than its page");
    if (kept + more > this.token.length) {
      const longer = Buffer.alloc(2 * (kept + more));
      this.token.copy(longer);
      this.token = longer;
    }
    const { token } = this;
    for (let to = kept; at < end; to++, at++) token[to] = page[at] as number;
    this.length = kept + more;
    if (kept <= this.beforeEndBy) this.beforeEndBy = Number.POSITIVE_INFINITY;
    return end;
  }

  /** Tokens come in their order, so that this is asked no more once one has been behind the begin. */
  private isBeforeBegin(): boolean {
    if (this.hasBegun) return false;
    const { token, length } = this;
    const { first } = this.wanted;
    const shorter = Math.min(length, first.length);
    let at = 0;
    while (at < shorter && token[at] === first[at]) at++;
    this.hasBegun = at < shorter ? (token[at] as number) > (first[at] as number) : length >= first.length;
    return !this.hasBegun;
  }

  private isBehindEnd(): boolean {
    if (this.beforeEndBy < this.length) return false;
    const { token, length } = this;
    const { end } = this.wanted;
    for (let at = 0; at < end.length; at++) {
      if (at === length) return false;
      const difference = (token[at] as number) - (end[at] as number);
      if (difference > 0) return true;
      if (difference === 0) continue;
      this.beforeEndBy = at;
      return false;
    }
    return true;
  }

  /** The inner loop of all questions: hardly a record costs more than a byte. */
  private records(page: Buffer, begin: number, end: number): void {
    let seq = 0;
    for (let at = begin; at < end; ) {
      let byte = page[at++] as number;
      let difference = byte;
      if (byte >= 128) {
        difference = byte - 128;
        do {
          byte = at < end ? (page[at++] as number) : malformed("a list of records breaks off");
          difference = difference * 128 + (byte & 127);
        } while (byte >= 128);
      }
      seq += difference;
      if (difference === 0 || seq > this.lastSeq) malformed("a token of a record that is not there");
      let bit = seq - this.base;
      if (bit >= blockRecords || bit < 0) {
        const block = Math.floor(seq / blockRecords);
        this.words = this.into.block(block);
        this.base = block * blockRecords;
        bit = seq - this.base;
      }
      this.words[bit >>> 5] = (this.words[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }
}
