/**
 * Writes tokens as FTS5 does, into the pages of one segment: FTS5 itself would take each document's text apart, which
 * we have done, and look every token up in a table of its own. What it reads, joins and checks stays its own format,
 * see `TokenSegments`; byte for byte it is what FTS5 would have written, but for the shortcuts through lists of records
 * that go on over more than four pages. Those come when segments are joined.
 */
import { putNumber } from "./page-numbers";

/** Of a page, beyond which no further token is begun: such a page fits into one of the file's. */
const pageBytes = 4050;
const headerBytes = 4;
/** Longest number, in bytes. */
const numberBytes = 8;
/** First byte of every token. */
const mainList = 0x30;

export interface PageSink {
  page(number: number, block: Uint8Array): void;
  /** A page on which a token begins; none before it is as great as `token`. */
  firstToken(token: Uint8Array, page: number): void;
}

export class SegmentPages {
  private page = Buffer.alloc(2 * pageBytes);
  private at = headerBytes;
  /** Places of the tokens, each as its distance from the one before. */
  private readonly places = Buffer.alloc(2 * pageBytes);
  private placesEnd = 0;
  private lastPlace = 0;
  private pageNumber = 1;
  private hasTokens = false;
  /** The token before: where it was taken from, and its bytes there. */
  private last: Buffer = Buffer.alloc(0);
  private lastStart = 0;
  private lastEnd = 0;

  constructor(private readonly sink: PageSink) {
    sink.firstToken(Buffer.alloc(0), 1);
  }

  /** Tokens come in their order: the bytes of `from` between two places, which stay there until the next one has come. */
  token(from: Buffer, start: number, end: number): void {
    const length = end - start + 1;
    if (this.at + this.placesEnd + length + 2 >= pageBytes && this.at > headerBytes) this.endPage();
    this.makeRoom(length);
    const same = this.sameBytes(from, start, end);
    this.placesEnd = putNumber(this.places, this.placesEnd, this.at - this.lastPlace);
    this.lastPlace = this.at;
    const { page } = this;
    let { at } = this;
    if (this.hasTokens) {
      at = putNumber(page, at, same + 1);
      at = putNumber(page, at, end - start - same);
    } else {
      // The least that tells it from the one before.
      if (this.pageNumber > 1) this.sink.firstToken(shown(from, start, start + same + 1), this.pageNumber);
      at = putNumber(page, at, length);
      page[at++] = mainList;
    }
    for (let place = this.hasTokens ? start + same : start; place < end; place++)
      page[at++] = from[place] as number;
    this.at = at;
    this.last = from;
    this.lastStart = start;
    this.lastEnd = end;
    this.hasTokens = true;
  }

  /** The records of the token that came last, from one place of `seqs` to another. Their numbers go up. */
  records(seqs: Float64Array, begin: number, end: number): void {
    let before = 0;
    let { page } = this;
    for (let at = begin; at < end; at++) {
      const seq = seqs[at] as number;
      if (this.at === headerBytes) {
        page.writeUInt16BE(headerBytes, 0);
        before = 0;
      }
      this.at = putNumber(page, this.at, seq - before);
      before = seq;
      if (this.at + this.placesEnd < pageBytes) continue;
      this.endPage();
      ({ page } = this);
    }
  }

  /** The number of the last page. */
  end(): number {
    if (this.at > headerBytes) this.endPage();
    return this.pageNumber - 1;
  }

  private endPage(): void {
    const { page, at, placesEnd } = this;
    page.writeUInt16BE(at, 2);
    this.places.copy(page, at, 0, placesEnd);
    this.sink.page(this.pageNumber, page.subarray(0, at + placesEnd));
    this.pageNumber++;
    page.writeUInt16BE(0, 0);
    this.at = headerBytes;
    this.placesEnd = 0;
    this.lastPlace = 0;
    this.hasTokens = false;
  }

  private makeRoom(length: number): void {
    const wanted = this.at + this.placesEnd + length + 4 * numberBytes;
    if (wanted > this.page.length) {
      const longer = Buffer.alloc(2 * wanted);
      this.page.copy(longer, 0, 0, this.at);
      this.page = longer;
    }
  }

  /** How many first bytes the token has in common with the one before. */
  private sameBytes(from: Buffer, start: number, end: number): number {
    const { last, lastStart, lastEnd } = this;
    const most = Math.min(lastEnd - lastStart, end - start);
    let same = 0;
    while (same < most && last[lastStart + same] === from[start + same]) same++;
    return same;
  }
}

/** As the pages have a token, or its first bytes. */
const shown = (from: Buffer, start: number, end: number): Buffer =>
  Buffer.concat([Buffer.of(mainList), from.subarray(start, end)]);
