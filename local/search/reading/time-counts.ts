/** Counts matches by their times, a block of records at a time, without a look at any row. */
import { blockOf, blockRecords } from "../file/record-set";
import type { IndexRow } from "../file/tables";
import type { Bars, MatchedRecords } from "./matches";
import { firstSeq } from "./ordered-records";
import type { IndexTimes, TimesBlock } from "./record-times";
import type { Selection } from "./selection";
import type { WorkLimit } from "./work-limit";

const blockWords = blockRecords / 32;
/** Bars that are counted in a list; more are counted by name. */
const barsListed = 65_536;

/**
 * Writes the places of a block's matches into a list, and says how many they are. Without times, records that have no
 * document may be among them.
 */
export function placesOf(
  { records, range }: MatchedRecords,
  block: number,
  times: TimesBlock | undefined,
  into: Uint16Array,
): number {
  const { bits, complement } = records;
  const words = bits.wordsOf(block);
  if (words === undefined && !complement) return 0;
  const begin = block * blockRecords;
  const [low, high] = [range.low - begin, range.high - begin];
  const flipped = complement ? -1 : 0;
  let count = 0;
  for (let at = 0; at < blockWords; at++) {
    let word = (words === undefined ? 0 : (words[at] as number)) ^ flipped;
    while (word !== 0) {
      const place = at * 32 + 31 - Math.clz32(word & -word);
      word &= word - 1;
      if (place < low || place > high) continue;
      if (times !== undefined && times.offsets[place] === times.absent) continue;
      into[count++] = place;
    }
  }
  return count;
}

/** Blocks of an index in which there may be matches. */
export function* blocksOf(
  { records, range }: MatchedRecords,
  { db, row }: Pick<Selection, "db" | "row">,
): Generator<number> {
  const last = blockOf(Math.min(range.high, row.lastSeq));
  for (let block = blockOf(Math.max(range.low, firstSeq(db, row.number))); block <= last; block++)
    if (records.complement || records.bits.wordsOf(block) !== undefined) yield block;
}

/** The first bar of an index. */
export const firstBar = ({ minMs }: IndexRow, intervalMs: number): number => Math.floor(minMs / intervalMs);

export interface CountedBars {
  readonly intervalMs: number;
  readonly add: Bars;
  readonly limit: WorkLimit;
}

export function countByTimes(
  found: MatchedRecords,
  selection: Selection,
  times: IndexTimes,
  { intervalMs, add, limit }: CountedBars,
): void {
  const places = new Uint16Array(blockRecords);
  const counts = new BarCounts(selection.row, intervalMs);
  for (const number of blocksOf(found, selection)) {
    if (limit.isOver) break;
    const block = times.block(number);
    counts.add(block, places, placesOf(found, number, block, places));
  }
  counts.tell(add);
}

/** Bars by their number from the first one on. */
class BarCounts {
  private readonly first: number;
  private readonly listed: Float64Array;
  private readonly others = new Map<number, number>();

  constructor(
    row: IndexRow,
    private readonly intervalMs: number,
  ) {
    this.first = firstBar(row, intervalMs);
    this.listed = new Float64Array(Math.min(barsListed, Math.floor(row.maxMs / intervalMs) - this.first + 1));
  }

  add({ firstMs, offsets }: TimesBlock, places: Uint16Array, count: number): void {
    const { first, listed, others, intervalMs } = this;
    for (let at = 0; at < count; at++) {
      const ms = firstMs + (offsets[places[at] as number] as number);
      const bar = Math.floor(ms / intervalMs) - first;
      if (bar < listed.length) listed[bar] = (listed[bar] as number) + 1;
      else others.set(bar, (others.get(bar) ?? 0) + 1);
    }
  }

  tell(add: Bars): void {
    const { first, intervalMs } = this;
    for (const [bar, count] of this.listed.entries()) if (count > 0) add((first + bar) * intervalMs, count);
    for (const [bar, count] of this.others) add((first + bar) * intervalMs, count);
  }
}
