/** The tokens of the documents that have come in since they were written down last, each with its records. */
import { hashOf } from "../documents/byte-hash";
import { ByteTable } from "../documents/byte-table";
import type { DocumentTokens } from "../documents/document-tokens";
import { doubled } from "../documents/doubled";
import { mostWordsInAll } from "../documents/frequent-words";
import type { FrequentTerms } from "./frequent-terms";
import { sortTerms } from "./term-order";

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

/** What is kept of a term: the document that had it last, counted from 1; */
const lastIn = 0;
/** the number of documents that have it; */
const documents = 1;
/** the place of a frequent word in its list, 0 of any other term. */
const frequentPlace = 2;
const perTerm = 4;

export class TokenTable {
  private readonly terms = new ByteTable();
  /** By term, see the places above: side by side, as each look at it may miss the processor's cache. */
  private ofTerms = new Int32Array(64 * perTerm);
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
  constructor(public frequent?: FrequentTerms) {}

  get documents(): number {
    return this.seqs.length;
  }

  get isEmpty(): boolean {
    return this.terms.count === 0;
  }

  get isFull(): boolean {
    const { terms, records } = this;
    return terms.usedBytes >= mostBytes || terms.count >= mostTerms || records >= mostRecords;
  }

  /** The greatest number of a document. */
  get lastSeq(): number {
    return this.seqs.at(-1) ?? 0;
  }

  /** Numbers of documents go up. */
  add(seq: number, tokens: DocumentTokens): void {
    const { bytes, ends, hashes, count } = tokens;
    this.seqs.push(seq);
    while (this.documentTerms.length < count) this.documentTerms = doubled(this.documentTerms);
    const { documentTerms } = this;
    let begin = 0;
    for (let token = 0; token < count; token++) {
      const end = ends[token] as number;
      const term = this.termOf(bytes, begin, end, hashes[token] as number);
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
    const { documentTerms, ofTerms, lastInRun } = this;
    const document = this.documents;
    for (let run = 0; run < runsEnd; run += 2) {
      const end = runs[run + 1] as number;
      let before = 0;
      for (let token = runs[run] as number; token < end; token++) {
        const place = ofTerms[perTerm * (documentTerms[token] as number) + frequentPlace] as number;
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
      term = this.termOf(token, 0, token.length, hashOf(token, 0, token.length));
      this.pairTerms.set(key, term);
    }
    return term;
  }

  /** Lists words that are frequent here: their pairs are written with the documents that come now, from record `since` on. */
  listFrequent(since: number): void {
    const { frequent, terms, ofTerms } = this;
    if (frequent === undefined) return;
    const { bytes, starts } = terms;
    const least = Math.max(leastFrequent, this.documents / documentsPerFrequent);
    for (let term = 0; term < terms.count; term++) {
      const of = perTerm * term;
      if ((ofTerms[of + documents] as number) < least || ofTerms[of + frequentPlace] !== 0) continue;
      const [begin, end] = [starts[term] as number, starts[term + 1] as number];
      ofTerms[of + frequentPlace] = frequent.list(bytes, begin, end, since);
    }
  }

  /** The term of a token, which may be new. */
  private termOf(bytes: Buffer, begin: number, end: number, hash: number): number {
    const { terms } = this;
    const before = terms.count;
    const term = terms.take(bytes, begin, end, hash);
    if (term === before) this.begin(term, this.frequent?.placeOf(bytes, begin, end, hash) ?? 0);
    return term;
  }

  private begin(term: number, place: number): void {
    const of = perTerm * term;
    if (of === this.ofTerms.length) this.ofTerms = doubled(this.ofTerms);
    this.ofTerms[of + lastIn] = 0;
    this.ofTerms[of + documents] = 0;
    this.ofTerms[of + frequentPlace] = place;
  }

  /** The document that came last has the term. */
  private note(term: number): void {
    const { ofTerms } = this;
    const document = this.documents;
    const of = perTerm * term;
    if (ofTerms[of + lastIn] === document) return;
    ofTerms[of + lastIn] = document;
    ofTerms[of + documents]!++;
    if (this.records === this.recordTerms.length) {
      this.recordTerms = doubled(this.recordTerms);
      this.recordDocuments = doubled(this.recordDocuments);
    }
    this.recordTerms[this.records] = term;
    this.recordDocuments[this.records++] = document - 1;
  }

  /** Whether the document that came last has a token. */
  lastHas({ bytes, hash }: AskedToken): boolean {
    const term = this.terms.numberOf(bytes, 0, bytes.length, hash);
    return term >= 0 && this.ofTerms[perTerm * term + lastIn] === this.seqs.length;
  }

  /** All tokens in the order of their bytes, each with the numbers of its documents. */
  written(): WrittenTerms {
    const { bytes, starts, count } = this.terms;
    const order = sortTerms(bytes, starts, count);
    const places = new Int32Array(count);
    const recordEnds = new Int32Array(count);
    let sum = 0;
    for (let place = 0; place < count; place++) {
      const term = order[place] as number;
      places[term] = place;
      recordEnds[place] = sum;
      sum += this.ofTerms[perTerm * term + documents] as number;
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
    this.terms.clear();
    this.records = 0;
    this.seqs = [];
    this.pairTerms.clear();
    this.lastInRun.fill(0);
  }
}

export function askedToken(token: string): AskedToken {
  const bytes = Buffer.from(token);
  return { bytes, hash: hashOf(bytes, 0, bytes.length) };
}
