/** The list of segments of a token index: FTS5 keeps it in one row, levels from the newest to the oldest. */
import { malformed, Numbers, putNumber } from "./page-numbers";

export const listKey = 10;
/** Bits of a page's number, of its height in a tree and of its kind, in the key of a page. */
export const keysPerSegment = 2 ** 37;
/** The numbers of segments that FTS5 gives and takes. */
const mostSegments = 2000;

export interface ListedSegment {
  readonly id: number;
  readonly firstPage: number;
  readonly lastPage: number;
}

interface Level {
  /** So many of the first ones are being merged. */
  readonly merging: number;
  readonly segments: ListedSegment[];
}

export class SegmentList {
  private constructor(
    /** A number that changes with the settings of the index. */
    private readonly cookie: Uint8Array,
    private readonly levels: Level[],
    /** Pages that were written as new, since ever. */
    private pagesWritten: number,
  ) {}

  static of(block: Uint8Array | undefined): SegmentList {
    if (block === undefined) return malformed("no list of segments");
    const numbers = new Numbers(block);
    numbers.at = 4;
    const count = numbers.next();
    const total = numbers.next();
    const list = new SegmentList(block.slice(0, 4), [], numbers.next());
    for (let level = 0; level < count; level++) {
      const merging = numbers.next();
      const segments: ListedSegment[] = [];
      for (let left = numbers.next(); left > 0; left--)
        segments.push({ id: numbers.next(), firstPage: numbers.next(), lastPage: numbers.next() });
      list.levels.push({ merging, segments });
    }
    if (list.segments.length !== total) malformed(`${list.segments.length} of ${total} segments`);
    return list;
  }

  get segments(): ListedSegment[] {
    return this.levels.flatMap(({ segments }) => segments);
  }

  /** Whether as many are of one age: they are until a join of them has come to its end. */
  isToBeJoined(segmentsOfAnAge: number): boolean {
    return this.levels.some(({ segments }) => segments.length >= segmentsOfAnAge);
  }

  /** A number that no segment has. */
  freeId(): number {
    const taken = new Set(this.segments.map(({ id }) => id));
    for (let id = 1; id <= mostSegments; id++) if (!taken.has(id)) return id;
    throw new Error(`an index of tokens has ${mostSegments} segments, more than it can have`);
  }

  add(segment: ListedSegment): void {
    if (this.levels.length === 0) this.levels.push({ merging: 0, segments: [] });
    (this.levels[0] as Level).segments.push(segment);
    this.pagesWritten += segment.lastPage;
  }

  block(): Uint8Array {
    const numbers = [this.levels.length, this.segments.length, this.pagesWritten];
    for (const { merging, segments } of this.levels) {
      numbers.push(merging, segments.length);
      for (const { id, firstPage, lastPage } of segments) numbers.push(id, firstPage, lastPage);
    }
    const block = Buffer.alloc(this.cookie.length + numbers.length * 8);
    block.set(this.cookie);
    return block.subarray(
      0,
      numbers.reduce((at, number) => putNumber(block, at, number), this.cookie.length),
    );
  }
}
