/** The tokens of the documents that have come in since they were written down last, each with its records. */
import type { DocumentTokens } from "../documents/document-tokens";
import { doubled } from "../documents/doubled";
import { mostWordsInAll } from "../documents/frequent-words";
import type { FrequentTerms } from "./frequent-terms";
import { sortTerms } from "./term-order";
import { hashOf } from "./token-hash";

/** A token that is asked for with each document. */
export interface AskedToken {
  readonly bytes: Buffer;
  readonly hash: number;
}

/** Tokens in their order, as bytes. */
export interface WrittenTerms {
  readonly bytes: Buffer;
  /** By place in the order. */
  readonly count: number;
  startOf(place: number): number;
  endOf(place: number): number;
  /** Where the records of a token are in `seqs`; those of the next follow them. */
  readonly recordEnds: Int32Array;
  readonly seqs: Float64Array;
}

/** Beyond one of them a table is full. */
const mostBytes = 8 * 1024 * 1024;
const mostTerms = 2 ** 20;
const mostRecords = 2 ** 20;

/** A token that one in so many documents of a table has is frequent, but none that fewer documents have. */
const documentsPerFrequent = 1000;
const leastFrequent = 16;
/** Their places begin at 1. */
const placesInAll = mostWordsInAll + 1;

export class TokenTable {
  private bytes = Buffer.alloc(64 * 1024);
  private used = 0;
  private terms = 0;
  /** By term; the end of one is the start of the next. */
  private starts = new Int32Array(4096);
  /** The document that had the term last, counted from 1. */
  private lastIn = new Int32Array(4096);
  /** The documents that have it. */
  private counts = new Int32Array(4096);
  /** The place of a frequent word in its list; 0 of any other term. */
  private frequentPlaces = new Int32Array(4096);
  /** In each one more than the term, where 0 is free, and the hash. A power of two, at least twice as many as there are terms. */
  private slots = new Int32Array(2 * 8192);
  /** Of each record of a token: the term, and the document. */
  private records = 0;
  private recordTerms = new Int32Array(16_384);
  private recordDocuments = new Int32Array(16_384);
  private seqs: number[] = [];
  /** The terms of one document, one for each of its tokens. */
  private documentTerms = new Int32Array(256);
  /** Terms of pairs, by the places of both words. */
  private readonly pairTerms = new Map<number, number>();
  /** By place of a frequent word: the document that had it last where it may have pairs. */
  private lastInRun = new Int32Array(0);

  /** @param frequent words whose pairs are tokens too */
  constructor(private readonly frequent?: FrequentTerms) {}

  get documents(): number {
    return this.seqs.length;
  }

  get isEmpty(): boolean {
    return this.terms === 0;
  }

  get isFull(): boolean {
    return this.used >= mostBytes || this.terms >= mostTerms || this.records >= mostRecords;
  }

  /** The greatest number of a document. */
  get lastSeq(): number {
    return this.seqs.at(-1) ?? 0;
  }

  /** Numbers of documents go up. */
  add(seq: number, tokens: DocumentTokens): void {
    const { bytes, ends, count } = tokens;
    this.seqs.push(seq);
    while (this.documentTerms.length < count) this.documentTerms = doubled(this.documentTerms);
    const { documentTerms } = this;
    let begin = 0;
    for (let token = 0; token < count; token++) {
      const end = ends[token] as number;
      const term = this.termOf(bytes, begin, end);
      documentTerms[token] = term;
      this.note(term);
      begin = end;
    }
    if (this.frequent?.isEmpty === false) this.addPairs(tokens);
  }

  /** Of frequent words that stand next to each other, and of those that come again. */
  private addPairs({ runs, runsEnd }: DocumentTokens): void {
    // Most indices are not written to any more.
    if (this.lastInRun.length === 0) this.lastInRun = new Int32Array(placesInAll);
    const { documentTerms, frequentPlaces, lastInRun } = this;
    const document = this.documents;
    for (let run = 0; run < runsEnd; run += 2) {
      const end = runs[run + 1] as number;
      let before = 0;
      for (let token = runs[run] as number; token < end; token++) {
        const place = frequentPlaces[documentTerms[token] as number] as number;
        if (place !== 0) {
          if (before !== 0) this.note(this.pairTerm(before, place));
          if (lastInRun[place] === document) this.note(this.pairTerm(0, place));
          lastInRun[place] = document;
        }
        before = place;
      }
    }
  }

  /** Of two frequent words by their places, or of one that comes again. */
  private pairTerm(before: number, place: number): number {
    const key = before * placesInAll + place;
    let term = this.pairTerms.get(key);
    if (term === undefined) {
      const frequent = this.frequent as FrequentTerms;
      const token = before === 0 ? frequent.repeatedOf(place) : frequent.pairOf(before, place);
      term = this.termOf(token, 0, token.length);
      this.pairTerms.set(key, term);
    }
    return term;
  }

  /** Lists words that are frequent here: their pairs are written with the documents that come now, from record `since` on. */
  listFrequent(since: number): void {
    const { frequent, bytes, starts, counts, frequentPlaces } = this;
    if (frequent === undefined) return;
    const least = Math.max(leastFrequent, this.documents / documentsPerFrequent);
    for (let term = 0; term < this.terms; term++)
      if ((counts[term] as number) >= least && frequentPlaces[term] === 0)
        frequentPlaces[term] = frequent.list(
          bytes,
          starts[term] as number,
          starts[term + 1] as number,
          since,
        );
  }

  /** The term of a token, which may be new. */
  private termOf(bytes: Buffer, begin: number, end: number): number {
    const hash = hashOf(bytes, begin, end);
    const slot = this.slotOf(bytes, begin, end, hash);
    const known = this.slots[slot] as number;
    if (known !== 0) return known - 1;
    const term = this.addTerm(bytes, begin, end);
    this.frequentPlaces[term] = this.frequent?.placeOf(bytes, begin, end, hash) ?? 0;
    this.slots[slot] = term + 1;
    this.slots[slot + 1] = hash;
    if (4 * this.terms >= this.slots.length) this.growSlots();
    return term;
  }

  /** The document that came last has the term. */
  private note(term: number): void {
    const document = this.documents;
    if (this.lastIn[term] === document) return;
    this.lastIn[term] = document;
    this.counts[term]!++;
    if (this.records === this.recordTerms.length) {
      this.recordTerms = doubled(this.recordTerms);
      this.recordDocuments = doubled(this.recordDocuments);
    }
    this.recordTerms[this.records] = term;
    this.recordDocuments[this.records++] = document - 1;
  }

  /** The slot that has the token, or where it belongs. */
  private slotOf(bytes: Buffer, begin: number, end: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (let term = slots[slot] as number; term !== 0; term = slots[slot] as number) {
      if (slots[slot + 1] === hash && this.isTerm(term - 1, bytes, begin, end)) return slot;
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private isTerm(term: number, bytes: Buffer, begin: number, end: number): boolean {
    const start = this.starts[term] as number;
    if ((this.starts[term + 1] as number) - start !== end - begin) return false;
    const own = this.bytes;
    for (let at = begin, to = start; at < end; at++, to++) if (own[to] !== bytes[at]) return false;
    return true;
  }

  private addTerm(bytes: Buffer, begin: number, end: number): number {
    const length = end - begin;
    if (this.used + length > this.bytes.length) {
      const longer = Buffer.alloc(2 * (this.used + length));
      this.bytes.copy(longer, 0, 0, this.used);
      this.bytes = longer;
    }
    if (this.terms + 2 > this.starts.length) {
      this.starts = doubled(this.starts);
      this.lastIn = doubled(this.lastIn);
      this.counts = doubled(this.counts);
      this.frequentPlaces = doubled(this.frequentPlaces);
    }
    const own = this.bytes;
    for (let at = begin, to = this.used; at < end; at++, to++) own[to] = bytes[at] as number;
    this.used += length;
    this.starts[this.terms + 1] = this.used;
    this.lastIn[this.terms] = 0;
    this.counts[this.terms] = 0;
    return this.terms++;
  }

  private growSlots(): void {
    const before = this.slots;
    this.slots = new Int32Array(2 * before.length);
    const mask = this.slots.length - 1;
    for (let from = 0; from < before.length; from += 2) {
      if (before[from] === 0) continue;
      const hash = before[from + 1] as number;
      let slot = (hash << 1) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 2) & mask;
      this.slots[slot] = before[from] as number;
      this.slots[slot + 1] = hash;
    }
  }

  /** Whether the document that came last has a token. */
  lastHas({ bytes, hash }: AskedToken): boolean {
    const term = (this.slots[this.slotOf(bytes, 0, bytes.length, hash)] as number) - 1;
    return term >= 0 && this.lastIn[term] === this.seqs.length;
  }

  /** All tokens in the order of their bytes, each with the numbers of its documents. */
  written(): WrittenTerms {
    const { bytes, starts, terms: count } = this;
    const order = sortTerms(bytes, starts, count);
    const places = new Int32Array(count);
    const recordEnds = new Int32Array(count);
    let sum = 0;
    for (let place = 0; place < count; place++) {
      const term = order[place] as number;
      places[term] = place;
      recordEnds[place] = sum;
      sum += this.counts[term] as number;
    }
    const seqs = new Float64Array(this.records);
    for (let at = 0; at < this.records; at++) {
      const place = places[this.recordTerms[at] as number] as number;
      seqs[recordEnds[place]!++] = this.seqs[this.recordDocuments[at] as number] as number;
    }
    const startOf = (place: number) => starts[order[place] as number] as number;
    const endOf = (place: number) => starts[(order[place] as number) + 1] as number;
    return { bytes, count, startOf, endOf, recordEnds, seqs };
  }

  /** Keeps its memory for those that come. */
  clear(): void {
    this.used = 0;
    this.terms = 0;
    this.records = 0;
    this.seqs = [];
    this.slots.fill(0);
    this.pairTerms.clear();
    this.lastInRun.fill(0);
  }
}

export function askedToken(token: string): AskedToken {
  const bytes = Buffer.from(token);
  return { bytes, hash: hashOf(bytes, 0, bytes.length) };
}
