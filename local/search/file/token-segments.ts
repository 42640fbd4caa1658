/**
 * The token index as FTS5 keeps it, read directly: a question in SQL hands its records out one by one and compares all
 * of its tokens at each step, which is too slow for conditions of thousands of tokens on millions of records.
 *
 * The format, as FTS5's source tells it (https://sqlite.org/src/file/ext/fts5/fts5_index.c): a list of segments, of
 * each its pages in the order of their tokens. A page is two numbers of 16 bits, where the first record stands and
 * where the content ends; the content, tokens as what they have more than the one before, each followed by its records
 * as differences; and the places of the tokens. A list of records that goes on begins anew with each page. Our tables
 * have no positions, and nothing is taken out of them.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { malformed } from "./page-numbers";
import { type PageStore } from "./page-store";
import { RecordSet } from "./record-set";
import { keysPerSegment, type ListedSegment, listKey, SegmentList } from "./segment-list";
import { SegmentWalk } from "./segment-walk";
import { TokenRecordsWalk, type TokenVisitor } from "./token-records";
import type { TokenMachine, TokenTest, TokenTests, WantedTokens } from "./wanted-tokens";

export type { TokenMachine, TokenTest, TokenTests };

/** First byte of every token; other lists, of prefixes, have others. */
const mainList = Buffer.of(0x30);
/** Of a segment with more pages it is asked where a token is, until it has been asked for one in so many pages. */
const pagesListed = 2048;
const pagesPerAsk = 32;
/** After so many pages in turn, so many are read at once. */
const pagesBeforeMany = 16;
const pagesAtOnce = 64;

/** Tokens from `first` up to `end`; of these, those that pass. */
export interface TokenRange {
  readonly first: string;
  /** Exclusive; undefined: all that begin with `first`. */
  readonly end: string | undefined;
  /** @default all */
  readonly test?: TokenTests | undefined;
  /** The same as a machine, instead. */
  readonly machine?: TokenMachine;
  /** With a machine: all tokens of so many bytes pass. @default none */
  readonly passingBytes?: number;
  /** The sets that those are for, a bit each. @default the first one */
  readonly longFor?: number;
  /** Sets by the bits of the machine or the test. @default one, that of all ranges */
  readonly into?: readonly RecordSet[];
  /** So many bytes at the begin of each token the test is not shown. @default 0 */
  readonly skipped?: number;
}

interface Segment extends ListedSegment {
  /** The last page on which a token can begin that is no greater than this. */
  readonly pageOf: (token: Buffer) => number;
}

/** As long as nothing is written to the index. */
export class TokenSegments {
  private readonly list: StatementSync;
  private readonly pageBefore: StatementSync;
  private readonly firstTokens: StatementSync;
  private readonly pageAt: StatementSync;
  private readonly pagesFrom: StatementSync;
  private found: Segment[] | undefined;

  constructor(
    db: DatabaseSync,
    number: number,
    private readonly pages: PageStore,
  ) {
    this.list = db.prepare(`SELECT block FROM f${number}_data WHERE id = ${listKey}`);
    this.pageBefore = db.prepare(
      `SELECT pgno >> 1 AS page FROM f${number}_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1`,
    );
    this.firstTokens = db.prepare(
      `SELECT CAST(term AS BLOB) AS token, pgno >> 1 AS page FROM f${number}_idx WHERE segid = ? ORDER BY term`,
    );
    this.pageAt = db.prepare(`SELECT block FROM f${number}_data WHERE id = ?`);
    this.pagesFrom = db.prepare(`SELECT block FROM f${number}_data WHERE id BETWEEN ? AND ? ORDER BY id`);
    this.pagesFrom.setReturnArrays(true);
  }

  private readonly readPage = (key: number): Uint8Array => {
    const block = this.pageAt.get(key)?.["block"] as Uint8Array | undefined;
    return block ?? malformed("a page is missing");
  };

  /**
   * Pages of a segment one by one; whoever goes through many gets them many at once, each of which there is until the
   * next one is asked for.
   */
  private pagesOf({ id, lastPage }: Segment): (page: number) => Uint8Array {
    const first = id * keysPerSegment;
    let last = -1;
    let inTurn = 0;
    let ahead: [Uint8Array<ArrayBuffer>][] = [];
    let aheadFrom = 0;
    return (page) => {
      // Left to V8, whose own heap hardly grows, they would pile up until it collects all garbage for their sake.
      ahead[last - aheadFrom]?.[0].buffer.transfer(0);
      inTurn = page === last + 1 ? inTurn + 1 : 0;
      last = page;
      const there = ahead[page - aheadFrom];
      if (there !== undefined) return there[0];
      if (inTurn < pagesBeforeMany) return this.pages.page(first + page, this.readPage);
      aheadFrom = page;
      const through = Math.min(lastPage, page + pagesAtOnce - 1);
      ahead = this.pagesFrom.all(first + page, first + through) as unknown as [Uint8Array<ArrayBuffer>][];
      if (ahead.length !== through - page + 1) malformed("a page is missing");
      return (ahead[0] as [Uint8Array])[0];
    };
  }

  private segments(): Segment[] {
    const block = this.list.get()?.["block"] as Uint8Array | undefined;
    return SegmentList.of(block).segments.map((segment) => {
      const { id, firstPage, lastPage } = segment;
      return { ...segment, pageOf: this.pageFinder(id, lastPage - firstPage + 1) };
    });
  }

  private pageFinder(id: number, pages: number): (token: Buffer) => number {
    let firsts: { token: Uint8Array; page: number }[] | undefined;
    let asked = 0;
    return (token) => {
      if (pages > pagesListed && ++asked * pagesPerAsk < pages)
        return (this.pageBefore.get(id, token) as { page: number } | undefined)?.page ?? 0;
      firsts ??= this.firstTokens.all(id) as unknown as { token: Uint8Array; page: number }[];
      let low = 0;
      let high = firsts.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (Buffer.compare((firsts[middle] as { token: Uint8Array }).token, token) > 0) high = middle;
        else low = middle + 1;
      }
      return firsts[low - 1]?.page ?? 0;
    };
  }

  /**
   * Adds the records of all wanted tokens, none of which is beyond `lastSeq`; `step` is called page by page and may
   * throw to end it.
   */
  addRecords(ranges: readonly TokenRange[], into: RecordSet, lastSeq: number, step: () => void): void {
    const wanted = ranges.map((range) => wantedTokens(range, into));
    for (const apart of rangesApart(wanted)) this.walk(() => new SegmentWalk(apart, lastSeq), step);
  }

  /** Shows the tokens of a range with their records, segment after segment; `step` as for {@link addRecords}. */
  visit(range: TokenRange, visitor: TokenVisitor, origin: number, lastSeq: number, step: () => void): void {
    const wanted = wantedTokens({ ...range, test: visitor.token }, new RecordSet());
    this.walk(() => new TokenRecordsWalk(wanted, visitor, origin, lastSeq), step);
  }

  /** Each segment with a walk of its own. */
  private walk(begin: () => SegmentWalk, step: () => void): void {
    this.found ??= this.segments();
    for (const segment of this.found) {
      const { firstPage, lastPage, pageOf } = segment;
      const walk = begin();
      const pageAt = this.pagesOf(segment);
      for (let at = firstPage; at <= lastPage; at++) {
        const { awaited } = walk;
        if (awaited !== undefined) at = Math.max(at, pageOf(awaited));
        step();
        if (!walk.page(pageAt(at))) break;
      }
    }
  }
}

function wantedTokens(range: TokenRange, ofAll: RecordSet): WantedTokens {
  const { first, end, test, machine, into = [ofAll], skipped = 0 } = range;
  const { passingBytes = Number.POSITIVE_INFINITY, longFor = 1 } = range;
  const begin = Buffer.concat([mainList, Buffer.from(first)]);
  const tested = { test, machine, into, passingBytes, longFor, testedFrom: mainList.length + skipped };
  // No byte of a text is as great as this.
  if (end === undefined) return { first: begin, end: Buffer.concat([begin, Buffer.of(0xff)]), ...tested };
  return { first: begin, end: Buffer.concat([mainList, Buffer.from(end)]), ...tested };
}

/** In their order, so that one walk finds all; those that lie within each other are left to another walk. */
function rangesApart(ranges: WantedTokens[]): WantedTokens[][] {
  const walks: WantedTokens[][] = [];
  for (const range of ranges.sort((a, b) => Buffer.compare(a.first, b.first))) {
    const walk = walks.find((one) => Buffer.compare((one.at(-1) as WantedTokens).end, range.first) <= 0);
    if (walk === undefined) walks.push([range]);
    else walk.push(range);
  }
  return walks;
}
