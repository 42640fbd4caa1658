/** The frequent words of all texts of one index, by the bytes of their tokens, and the tokens of their pairs. */
import { hashOf } from "../documents/byte-hash";
import { ByteTable } from "../documents/byte-table";
import type { Field, FieldMap } from "../documents/fields";
import { type FrequentWord, pairToken, repeatedToken } from "../documents/frequent-words";

const colon = ":".charCodeAt(0);

interface FrequentTerm {
  readonly field: Field;
  readonly word: FrequentWord;
}

export class FrequentTerms {
  /** Tokens of the words by themselves; the place of each is one more than its number. */
  private readonly tokens = new ByteTable();
  private readonly terms: FrequentTerm[] = [];

  constructor(private readonly fields: FieldMap) {
    for (const field of fields.list)
      for (const [word, listed] of field.frequent.entries())
        this.add(field, listed, Buffer.from(field.tokenPrefix + word));
  }

  get isEmpty(): boolean {
    return this.terms.length === 0;
  }

  /** 0: the token is not that of a frequent word. */
  placeOf(bytes: Buffer, begin: number, end: number, hash: number): number {
    return this.tokens.numberOf(bytes, begin, end, hash) + 1;
  }

  /** Lists the word of a token and returns its place; 0 where it is not that of a text, or no more are listed. */
  list(bytes: Buffer, begin: number, end: number, since: number): number {
    const word = bytes.indexOf(colon, begin) + 1;
    if (word === 0 || word >= end) return 0;
    const field = this.fields.list[Number.parseInt(bytes.toString("latin1", begin, word - 1), 36)];
    if (field?.type !== "text") return 0;
    const listed = this.fields.addFrequent(field, bytes.toString("utf8", word, end), since);
    return listed === undefined ? 0 : this.add(field, listed, bytes.subarray(begin, end));
  }

  /** Of two words of one text. */
  pairOf(first: number, second: number): Buffer {
    const { field, word } = this.at(first);
    return Buffer.from(pairToken(field.number, word, this.at(second).word));
  }

  repeatedOf(place: number): Buffer {
    const { field, word } = this.at(place);
    return Buffer.from(repeatedToken(field.number, word));
  }

  private at(place: number): FrequentTerm {
    return this.terms[place - 1] as FrequentTerm;
  }

  private add(field: Field, word: FrequentWord, token: Buffer): number {
    this.tokens.take(token, 0, token.length, hashOf(token, 0, token.length));
    return this.terms.push({ field, word });
  }
}
