/** The frequent words of all texts of one index, by the bytes of their tokens, and the tokens of their pairs. */
import type { Field, FieldMap } from "../documents/fields";
import { type FrequentWord, pairToken, repeatedToken } from "../documents/frequent-words";
import { hashOf } from "./token-hash";

const colon = ":".charCodeAt(0);
const firstSlots = 64;

interface FrequentTerm {
  /** Of the word by itself. */
  readonly token: Buffer;
  readonly hash: number;
  readonly field: Field;
  readonly word: FrequentWord;
}

export class FrequentTerms {
  /** By place, from 1 on. */
  private readonly terms: (FrequentTerm | undefined)[] = [undefined];
  /** Places by their hash, 0 where there is none. A power of two, at least twice as many as there are terms. */
  private slots = new Int32Array(firstSlots);

  constructor(private readonly fields: FieldMap) {
    for (const field of fields.list)
      for (const [word, listed] of field.frequent.entries())
        this.add(field, listed, Buffer.from(field.tokenPrefix + word));
  }

  get isEmpty(): boolean {
    return this.terms.length === 1;
  }

  /** 0: the token is not that of a frequent word. */
  placeOf(bytes: Buffer, begin: number, end: number, hash: number): number {
    const { slots, terms } = this;
    const mask = slots.length - 1;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const place = slots[slot] as number;
      const term = terms[place] as FrequentTerm;
      if (term.hash === hash && term.token.compare(bytes, begin, end) === 0) return place;
    }
    return 0;
  }

  /** Lists the word of a token and returns its place; 0 where it is not that of a text, or no more are listed. */
  list(bytes: Buffer, begin: number, end: number, since: number): number {
    const word = bytes.indexOf(colon, begin) + 1;
    if (word === 0 || word >= end) return 0;
    const field = this.fields.list[Number.parseInt(bytes.toString("latin1", begin, word - 1), 36)];
    if (field?.type !== "text") return 0;
    const listed = this.fields.addFrequent(field, bytes.toString("utf8", word, end), since);
    return listed === undefined ? 0 : this.add(field, listed, Buffer.from(bytes.subarray(begin, end)));
  }

  /** Of two words of one text. */
  pairOf(first: number, second: number): Buffer {
    const { field, word } = this.terms[first] as FrequentTerm;
    return Buffer.from(pairToken(field.number, word, (this.terms[second] as FrequentTerm).word));
  }

  repeatedOf(place: number): Buffer {
    const { field, word } = this.terms[place] as FrequentTerm;
    return Buffer.from(repeatedToken(field.number, word));
  }

  private add(field: Field, word: FrequentWord, token: Buffer): number {
    const hash = hashOf(token, 0, token.length);
    const place = this.terms.push({ token, hash, field, word }) - 1;
    if (2 * this.terms.length > this.slots.length) this.growSlots();
    else this.putSlot(hash, place);
    return place;
  }

  private growSlots(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    for (const [place, term] of this.terms.entries()) if (term !== undefined) this.putSlot(term.hash, place);
  }

  private putSlot(hash: number, place: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = place;
  }
}
