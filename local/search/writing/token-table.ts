/** The tokens of the documents that have come in since they were written down last, each with its records. */
import { randomInt } from "node:crypto";
import type { DocumentTokens } from "../documents/document-tokens";
import { doubled } from "../documents/doubled";
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

export class TokenTable {
  private bytes = Buffer.alloc(64 * 1024);
  private used = 0;
  private terms = 0;
  /** By term; the end of one is the start of the next. */
  private starts = new Int32Array(4096);
  /** The document that had the term last, counted from 1. */
  private lastIn = new Int32Array(4096);
  /** In each one more than the term, where 0 is free, and the hash. A power of two, at least twice as many as there are terms. */
  private slots = new Int32Array(2 * 8192);
  /** Of each record of a token: the term, and the document. */
  private records = 0;
  private recordTerms = new Int32Array(16_384);
  private recordDocuments = new Int32Array(16_384);
  private seqs: number[] = [];

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
  add(seq: number, { bytes, ends, count }: DocumentTokens): void {
    this.seqs.push(seq);
    let begin = 0;
    for (let token = 0; token < count; token++) {
      const end = ends[token] as number;
      this.addToken(bytes, begin, end);
      begin = end;
    }
  }

  private addToken(bytes: Buffer, begin: number, end: number): void {
    const hash = hashOf(bytes, begin, end);
    const slot = this.slotOf(bytes, begin, end, hash);
    const term = (this.slots[slot] as number) - 1;
    const document = this.seqs.length;
    if (term < 0) {
      this.slots[slot] = this.addTerm(bytes, begin, end) + 1;
      this.slots[slot + 1] = hash;
    } else if (this.lastIn[term] === document) return;
    const known = term < 0 ? this.terms - 1 : term;
    this.lastIn[known] = document;
    if (this.records === this.recordTerms.length) {
      this.recordTerms = doubled(this.recordTerms);
      this.recordDocuments = doubled(this.recordDocuments);
    }
    this.recordTerms[this.records] = known;
    this.recordDocuments[this.records++] = document - 1;
    if (4 * this.terms >= this.slots.length) this.growSlots();
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
    }
    const own = this.bytes;
    for (let at = begin, to = this.used; at < end; at++, to++) own[to] = bytes[at] as number;
    this.used += length;
    this.starts[this.terms + 1] = this.used;
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
    for (let place = 0; place < count; place++) places[order[place] as number] = place;
    const recordEnds = new Int32Array(count);
    for (let at = 0; at < this.records; at++) recordEnds[places[this.recordTerms[at] as number] as number]!++;
    let sum = 0;
    for (let place = 0; place < count; place++) {
      const records = recordEnds[place] as number;
      recordEnds[place] = sum;
      sum += records;
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
  }
}

export function askedToken(token: string): AskedToken {
  const bytes = Buffer.from(token);
  return { bytes, hash: hashOf(bytes, 0, bytes.length) };
}

/** Of each process another: whoever writes what is logged must not know which tokens share a slot. */
const hashSeed = randomInt(2 ** 31);

function hashOf(bytes: Buffer, begin: number, end: number): number {
  let hash = hashSeed ^ (end - begin);
  for (let at = begin; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  // The low bits choose the slot.
  return hash ^ (hash >>> 15);
}
