/**
 * Words of one text that many documents have, each with a number. Tokens have no positions; of two such words that stand next to
 * each other a document has one more token, so that a phrase of them is found without a look at the text.
 */

/** Two digits of base 36 are enough for their numbers. */
const mostWords = 1000;
/** Over all texts of the index. */
export const mostWordsInAll = 4000;
const digitsPerWord = 2;

/** As they are kept in the file: words that were listed at the same time, in the order of their numbers. */
export type StoredWords = readonly { readonly since: number; readonly words: readonly string[] }[];

/** How many words are listed in the index. */
export interface WordsInAll {
  words: number;
}

export interface FrequentWord {
  readonly number: number;
  /** Records from this one on have the tokens of its pairs; some of those before may. */
  readonly since: number;
}

export class FrequentWords {
  private readonly byWord = new Map<string, FrequentWord>();

  static restore(stored: StoredWords): FrequentWords {
    const words = new FrequentWords();
    for (const { since, words: some } of stored)
      for (const word of some) words.byWord.set(word, { number: words.byWord.size, since });
    return words;
  }

  store(): StoredWords {
    const stored: { since: number; words: string[] }[] = [];
    for (const [word, { since }] of this.byWord) {
      const last = stored.at(-1);
      if (last?.since === since) last.words.push(word);
      else stored.push({ since, words: [word] });
    }
    return stored;
  }

  get size(): number {
    return this.byWord.size;
  }

  of(word: string): FrequentWord | undefined {
    return this.byWord.get(word);
  }

  entries(): Iterable<[word: string, FrequentWord]> {
    return this.byWord;
  }

  /** Undefined where no more are listed. */
  add(word: string, since: number, inAll: WordsInAll): FrequentWord | undefined {
    if (this.size >= mostWords || inAll.words >= mostWordsInAll) return undefined;
    const listed = { number: this.size, since };
    this.byWord.set(word, listed);
    inAll.words++;
    return listed;
  }
}

const digitsOf = ({ number }: FrequentWord): string => number.toString(36).padStart(digitsPerWord, "0");

/** Of a document in which `second` stands behind `first`; `fieldNumber` is in base 36. */
export function pairToken(fieldNumber: string, first: FrequentWord, second: FrequentWord): string {
  return `${fieldNumber}+${digitsOf(first)}${digitsOf(second)}`;
}

/** Of a document that has the word more than once in the field. */
export function repeatedToken(fieldNumber: string, word: FrequentWord): string {
  return `${fieldNumber}*${digitsOf(word)}`;
}
