/**
 * Finds the tokens of a text by the rules of UAX #29 as Lucene's grammar has them. Each character is looked at a fixed
 * number of times whatever stands around it: a regular expression for the same rules goes back over runs of `_`.
 */
import {
  complex,
  connector,
  han,
  hebrew,
  hiragana,
  joined,
  katakana,
  letter,
  midLetter,
  midNumber,
  numeric,
  picture,
  regionalIndicator,
  skinTone,
  wordBreakOf,
} from "./word-break";

const zeroWidthJoiner = 0x200d;
const emojiStyle = 0xfe0f;
const keycap = 0x20e3;
const nowhere = -1;

export class WordScanner {
  /** Characters looked at so far; tests hold it against the length of the text. */
  looks = 0;
  /** A run of connectors without a word behind it ends here: nothing before it begins a word. */
  private noWordBefore = 0;
  /** The run of connectors that was looked at last, so that it is not walked again. */
  private runStart = nowhere;
  private runEnd = nowhere;

  constructor(private readonly text: string) {}

  /** Tells the start and end of each token, in order. */
  scan(found: (start: number, end: number) => void): void {
    let at = 0;
    while (at < this.text.length) {
      const end = this.tokenAt(at);
      if (end === nowhere) {
        at += this.width(at);
      } else {
        found(at, end);
        at = end;
      }
    }
  }

  private tokenAt(at: number): number {
    if (at >= this.noWordBefore) {
      const end = this.word(at);
      if (end !== nowhere) return end;
    }
    const emoji = this.emoji(at);
    if (emoji !== nowhere) return emoji;
    if (this.is(at, complex)) return this.runOf(at, complex | joined);
    return this.is(at, han | hiragana) ? this.skipJoined(at + this.width(at)) : nowhere;
  }

  private code(at: number): number {
    this.looks++;
    return this.text.codePointAt(at) ?? nowhere;
  }

  private width(at: number): number {
    return (this.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }

  private is(at: number, flags: number): boolean {
    const code = this.code(at);
    return code !== nowhere && (wordBreakOf(code) & flags) !== 0;
  }

  private runOf(start: number, flags: number): number {
    let at = start;
    while (this.is(at, flags)) at += this.width(at);
    return at;
  }

  private skipJoined(at: number): number {
    return this.runOf(at, joined);
  }

  /** One character of a class with what is joined to it. */
  private one(at: number, flags: number): number {
    return this.is(at, flags) ? this.skipJoined(at + this.width(at)) : nowhere;
  }

  /** Past all connectors from here on; the same place where there is none. */
  private skipConnectors(start: number): number {
    if (start === this.runStart) return this.runEnd;
    let at = start;
    for (let next = this.one(at, connector); next !== nowhere; next = this.one(at, connector)) at = next;
    this.runStart = start;
    this.runEnd = at;
    return at;
  }

  private word(start: number): number {
    const first = this.skipConnectors(start);
    let end = this.wordPart(first);
    if (end === nowhere) {
      this.noWordBefore = first;
      return nowhere;
    }
    while (true) {
      const behind = this.skipConnectors(end);
      const next = behind === end ? nowhere : this.wordPart(behind);
      if (next === nowhere) return behind;
      end = next;
    }
  }

  private wordPart(start: number): number {
    const end = this.linked(start, katakana, 0);
    if (end !== nowhere) return end;
    let at = start;
    while (true) {
      const next = this.lettersOrDigits(at);
      if (next === nowhere) return at === start ? nowhere : at;
      at = next;
    }
  }

  private lettersOrDigits(at: number): number {
    const digits = this.linked(at, numeric, midNumber);
    if (digits !== nowhere) return digits;
    const letters = this.linked(at, letter, midLetter);
    return letters === nowhere || !this.endsHebrew ? letters : this.pastHebrewQuote(letters);
  }

  /** Whether the last character of the class that {@link linked} found is a Hebrew letter. */
  private endsHebrew = false;

  /** Characters of one class, one after the other, or with connectors or one sign between them. */
  private linked(start: number, flags: number, between: number): number {
    if (!this.is(start, flags)) return nowhere;
    let at = start;
    while (true) {
      this.endsHebrew = this.is(at, hebrew);
      const end = this.skipJoined(at + this.width(at));
      const behind = this.skipConnectors(end);
      if (this.is(behind, flags)) {
        at = behind;
        continue;
      }
      const mid = between === 0 ? nowhere : this.one(end, between);
      if (mid === nowhere || !this.is(mid, flags)) return end;
      at = mid;
    }
  }

  /** A Hebrew letter holds a double quote to the next one, and a single quote to itself. */
  private pastHebrewQuote(at: number): number {
    const code = this.code(at);
    if (code === 39) return this.skipJoined(at + 1);
    if (code !== 34) return at;
    const next = this.one(this.skipJoined(at + 1), hebrew);
    return next === nowhere ? at : next;
  }

  private emoji(at: number): number {
    const code = this.code(at);
    if (code === 35 || code === 42) {
      const after = this.code(at + 1) === emojiStyle ? at + 2 : at + 1;
      return this.code(after) === keycap ? this.skipJoined(after + 1) : nowhere;
    }
    if (this.is(at, regionalIndicator)) {
      const second = at + this.width(at);
      return this.is(second, regionalIndicator) ? this.one(second, regionalIndicator) : nowhere;
    }
    let end = this.styledPicture(code === zeroWidthJoiner ? at + 1 : at);
    if (end === nowhere) return nowhere;
    while (this.code(end) === zeroWidthJoiner) {
      const next = this.styledPicture(end + 1);
      if (next === nowhere) break;
      end = next;
    }
    return this.text.charCodeAt(end - 1) === emojiStyle ? end : this.skipJoined(end);
  }

  private styledPicture(at: number): number {
    if (!this.is(at, picture)) return nowhere;
    const end = at + this.width(at);
    const code = this.code(end);
    if (code === emojiStyle) return this.code(end + 1) === keycap ? end + 2 : end + 1;
    if (this.is(end, skinTone)) return end + this.width(end);
    let tags = end;
    while (this.code(tags) >= 0xe0020 && this.code(tags) <= 0xe007f) tags += 2;
    return tags;
  }
}
