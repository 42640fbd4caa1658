/** Goes through the tokens of one segment in their order and adds the records of those that are wanted. */
import { malformed, Numbers } from "./page-numbers";
import type { RecordSet } from "./record-set";

const headerBytes = 4;
const blockRecords = 65_536;

/**
 * Looks at a token where it lies in memory: a text made of each would cost more than all the rest. Of its bytes, `same`
 * from the start of the memory are those of the token that this test was asked of before: what is known of them holds.
 */
export type TokenTest = (bytes: Buffer, begin: number, end: number, same?: number) => boolean;

/** Tokens from `first` up to `end`, as FTS5 keeps them, that pass. */
export interface WantedTokens {
  readonly first: Buffer;
  readonly end: Buffer;
  readonly test: TokenTest | undefined;
  /** Place of the first byte that the test is shown. */
  readonly testedFrom: number;
}

/** One segment, page after page: the tokens and, where one is wanted, its records. */
export class SegmentWalk {
  private token = Buffer.alloc(1024);
  private length = 0;
  private isWanted = false;
  private wanted: WantedTokens;
  private place = 0;
  /** Whether the token is at the begin of what is wanted or behind it. */
  private hasBegun = false;
  /** So many first bytes are as the test has seen them last. */
  private same = 0;
  /** Place of the first byte by which the token is before the end; as long as it stays, so does the token. */
  private beforeEndBy = Number.POSITIVE_INFINITY;
  /** Block that records are added to, and its first number. */
  private words: Uint32Array = new Uint32Array(0);
  private base = Number.NEGATIVE_INFINITY;

  /** Ranges in their order, none of which reaches into the next. */
  constructor(
    private readonly ranges: readonly WantedTokens[],
    private readonly into: RecordSet,
    protected readonly lastSeq: number,
  ) {
    this.wanted = ranges[0] as WantedTokens;
  }

  /** The first token that is wanted of the pages to come, where none of the last page goes on. */
  get awaited(): Buffer | undefined {
    return this.isWanted || this.hasBegun ? undefined : this.wanted.first;
  }

  /** False: no token behind this page is wanted. */
  page(page: Buffer): boolean {
    if (page.length < headerBytes) malformed("a page without a header");
    const contentEnd = page.readUInt16BE(2);
    const { length } = page;
    if (contentEnd > length) malformed("a page's content is beyond it");
    const places = new Numbers(page);
    places.at = contentEnd;
    let at = places.at < length ? places.next() : contentEnd;
    if (this.isWanted) this.records(page, headerBytes, at);
    let isFirst = true;
    while (at < contentEnd) {
      const next = places.at < length ? at + places.next() : contentEnd;
      const begin = this.nextToken(page, at, isFirst);
      if (next > contentEnd || begin > next) malformed("a token is beyond its place");
      isFirst = false;
      this.isWanted = false;
      while (this.isBehindEnd()) if (!this.nextRange()) return false;
      if (this.hasBegun) {
        const { test, testedFrom } = this.wanted;
        this.isWanted = test === undefined || test(this.token, testedFrom, this.length, this.same);
        this.same = this.length;
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
    if (kept < this.same) this.same = kept;
    if (kept <= this.beforeEndBy) this.beforeEndBy = Number.POSITIVE_INFINITY;
    return end;
  }

  private nextRange(): boolean {
    const next = this.ranges[++this.place];
    if (next === undefined) return false;
    this.wanted = next;
    this.hasBegun = false;
    this.same = 0;
    return true;
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
    if (this.isBeforeBegin()) return false;
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
  protected records(page: Buffer, begin: number, end: number): void {
    const { lastSeq, into } = this;
    let { words, base } = this;
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
      if (difference === 0 || seq > lastSeq) malformed("a token of a record that is not there");
      let bit = seq - base;
      if (bit >= blockRecords || bit < 0) {
        const block = Math.floor(seq / blockRecords);
        words = into.block(block);
        base = block * blockRecords;
        bit = seq - base;
      }
      words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31));
    }
    this.words = words;
    this.base = base;
  }
}
