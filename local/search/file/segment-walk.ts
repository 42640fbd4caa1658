/** Goes through the tokens of one segment in their order and adds the records of those that are wanted. */
import { malformed, Numbers } from "./page-numbers";
import { blockOf, blockRecords, type RecordSet } from "./record-set";
import { askTest, noToken, type TokenMachine, type WantedTokens } from "./wanted-tokens";

const headerBytes = 4;

/** What a step says that is to be learned. */
const unknown = 0;

/** One segment, page after page: the tokens and, where one is wanted, its records. */
export class SegmentWalk {
  private token = Buffer.alloc(1024);
  private length = 0;
  /** The sets that the token is for, a bit each. */
  private wantedFor = 0;
  private wanted: WantedTokens;
  private place = 0;
  /** Whether the token is at the begin of what is wanted or behind it. */
  private hasBegun = false;
  /** Place of the first byte by which the token is before the end; as long as it stays, so does the token. */
  private beforeEndBy = Number.POSITIVE_INFINITY;
  /** By number of bytes: the state of the machine behind them. */
  private states = new Uint16Array(1024);
  /** So many bytes of the token it has read: all, or those after which it could not pass any more. */
  private bytesRead = 0;
  /** Whether no token passes that begins with these bytes. */
  private isInVain = false;
  /** Set and block that records are added to, and the block's first number. */
  private into: RecordSet | undefined;
  private words: Uint32Array = new Uint32Array(0);
  private base = Number.NEGATIVE_INFINITY;

  /** Ranges in their order, none of which reaches into the next. */
  constructor(
    private readonly ranges: readonly WantedTokens[],
    protected readonly lastSeq: number,
  ) {
    this.wanted = ranges[0] as WantedTokens;
  }

  /** The first token that may be wanted of the pages to come, where none of the last page goes on. */
  get awaited(): Buffer | undefined {
    if (this.wantedFor !== 0) return undefined;
    if (!this.hasBegun) return this.wanted.first;
    if (!this.isInVain) return undefined;
    const behind = Buffer.from(this.token.subarray(0, this.bytesRead));
    behind[behind.length - 1] = (behind.at(-1) as number) + 1;
    return behind;
  }

  /** False: no token behind this page is wanted. */
  page(page: Uint8Array): boolean {
    if (page.length < headerBytes) malformed("a page without a header");
    const contentEnd = ((page[2] as number) << 8) | (page[3] as number);
    const { length } = page;
    if (contentEnd > length) malformed("a page's content is beyond it");
    const places = new Numbers(page);
    places.at = contentEnd;
    let at = places.at < length ? places.next() : contentEnd;
    this.hand(page, headerBytes, at);
    let isFirst = true;
    while (at < contentEnd) {
      const { machine } = this.wanted;
      if (!isFirst && this.hasBegun && machine !== undefined) {
        at = this.readOn(page, at, contentEnd, places, machine);
        if (at >= contentEnd) break;
      }
      const next = places.at < length ? at + places.next() : contentEnd;
      const begin = this.nextToken(page, at, isFirst);
      if (next > contentEnd || begin > next) malformed("a token is beyond its place");
      isFirst = false;
      this.wantedFor = 0;
      this.isInVain = false;
      while (this.isBehindEnd()) if (!this.nextRange()) return false;
      if (this.hasBegun) {
        this.wantedFor = this.passesFor();
        this.hand(page, begin, next);
      }
      at = next;
    }
    return true;
  }

  /** The sets that the token is for. */
  private passesFor(): number {
    const { test, testedFrom, machine, passingBytes } = this.wanted;
    const { token, length } = this;
    if (machine === undefined) return Number(test === undefined || test(token, testedFrom, length));
    this.states.fill(machine.start, 0, testedFrom + 1);
    this.bytesRead = testedFrom;
    this.readToEnd(machine);
    const state = this.states[this.bytesRead] as number;
    const longFor = length - testedFrom >= passingBytes ? this.wanted.longFor : 0;
    if (state !== askTest) return longFor | (machine.passing[state] as number);
    return longFor | Number(machine.test(token.toString("utf8", testedFrom, length)));
  }

  /**
   * Reads tokens as long as each begins so like the one before that it is in the same range; says where the next one is.
   * The loop over all tokens of an index where a part of a word is asked for: of each token only the bytes that are new,
   * and of these none by which it could not pass any more.
   * What is rare is left to the caller: long tokens, and steps that the machine is yet to learn.
   */
  private readOn(
    page: Uint8Array,
    from: number,
    contentEnd: number,
    places: Numbers,
    machine: TokenMachine,
  ): number {
    const { steps, passing, needed, test } = machine;
    const { token, states, beforeEndBy } = this;
    const { testedFrom, passingBytes, longFor } = this.wanted;
    const longFrom = testedFrom + passingBytes;
    const pageEnd = page.length;
    let { bytesRead, length, wantedFor } = this;
    let at = from;
    while (at < contentEnd) {
      const kept = page[at] as number;
      const more = page[at + 1] as number;
      if (kept <= beforeEndBy || kept >= 128 || !(more < 128)) break;
      let source = at + 2;
      const begin = source + more;
      if (kept > length) malformed("a token is longer than its page");
      if (begin > contentEnd) malformed("a token is beyond its place");
      let to = kept;
      while (source < begin) token[to++] = page[source++] as number;
      let read = Math.min(kept, bytesRead);
      let state = states[read] as number;
      while (read < to && (needed[state] as number) <= to - read && state !== unknown) {
        state = steps[(state << 8) | (token[read] as number)] as number;
        states[++read] = state;
      }
      if (state === unknown) break;
      bytesRead = read;
      length = to;
      const next = places.at < pageEnd ? at + places.next() : contentEnd;
      if (next > contentEnd || begin > next) malformed("a token is beyond its place");
      wantedFor = passing[state] as number;
      if (state === askTest) wantedFor = Number(test(token.toString("utf8", testedFrom, length)));
      if (length >= longFrom) wantedFor |= longFor;
      if (wantedFor !== 0) {
        this.wantedFor = wantedFor;
        this.hand(page, begin, next);
      }
      at = next;
    }
    this.bytesRead = bytesRead;
    this.length = length;
    this.wantedFor = wantedFor;
    if (at >= contentEnd) this.readToEnd(machine);
    return at;
  }

  /** The last token of a page, which may have been left for its length: what begins as it does may all be in vain. */
  private readToEnd(machine: TokenMachine): void {
    const { token, states, length } = this;
    let at = this.bytesRead;
    let state = states[at] as number;
    while (at < length && state !== noToken) {
      const byte = token[at] as number;
      state = (machine.steps[(state << 8) | byte] as number) || machine.learn(state, byte);
      states[++at] = state;
    }
    this.bytesRead = at;
    this.isInVain = state === noToken && this.wanted.passingBytes === Number.POSITIVE_INFINITY;
  }

  /** Reads the token at a place, and says where its records begin. */
  private nextToken(page: Uint8Array, place: number, isFirst: boolean): number {
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
    if (kept + more >= this.token.length) {
      const longer = Buffer.alloc(2 * (kept + more));
      this.token.copy(longer);
      this.token = longer;
      this.states = new Uint16Array(longer.length);
    }
    const { token } = this;
    for (let to = kept; at < end; to++, at++) token[to] = page[at] as number;
    this.length = kept + more;
    if (kept <= this.beforeEndBy) this.beforeEndBy = Number.POSITIVE_INFINITY;
    return end;
  }

  private nextRange(): boolean {
    const next = this.ranges[++this.place];
    if (next === undefined) return false;
    this.wanted = next;
    this.hasBegun = false;
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

  /** Hands on the records of the token to each set that it is for. */
  private hand(page: Uint8Array, begin: number, end: number): void {
    for (let sets = this.wantedFor, at = 0; sets !== 0; sets >>>= 1, at++) {
      if ((sets & 1) === 0) continue;
      const into = this.wanted.into[at] as RecordSet;
      if (into !== this.into) this.base = Number.NEGATIVE_INFINITY;
      this.into = into;
      this.records(page, begin, end, into);
    }
  }

  /** The inner loop of all questions: hardly a record costs more than a byte. */
  protected records(page: Uint8Array, begin: number, end: number, into: RecordSet): void {
    const { lastSeq } = this;
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
        const block = blockOf(seq);
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
