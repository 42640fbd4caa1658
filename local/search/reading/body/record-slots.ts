/**
 * Matches as a list with a place for each record of an index: 0 for none, else the number of the bar that the match is in.
 * With it the records of any token are counted in one look each.
 */

import type { DatabaseSync } from "node:sqlite";
import { blockRecords } from "../../file/record-set";
import type { IndexRow } from "../../file/tables";
import type { MatchedRecords } from "../matches";
import { firstSeq } from "../ordered-records";
import type { IndexTimes } from "../record-times";
import { blocksOf, firstBar, placesOf } from "../time-counts";
import { TimeOver, type WorkLimit } from "../work-limit";

/** Two bytes each. */
const mostRecords = 2 ** 26;
const mostBars = 2 ** 16 - 2;

export interface RecordSlots {
  /** The record of the first place. */
  readonly origin: number;
  readonly slots: Uint16Array;
  /** Slots that there are, with that of no match. */
  readonly count: number;
}

/** Bars of equal length. */
export interface SlotBars {
  readonly times: IndexTimes;
  readonly intervalMs: number;
}

export interface SlotsWanted {
  readonly db: DatabaseSync;
  readonly row: IndexRow;
  readonly found: MatchedRecords;
  /** Undefined: all matches have slot 1. */
  readonly bars?: SlotBars;
  readonly limit: WorkLimit;
}

/** Undefined where that would be too long a list. Throws {@link TimeOver}. */
export function recordSlots({ db, row, found, bars, limit }: SlotsWanted): RecordSlots | undefined {
  const origin = firstSeq(db, row.number);
  const records = row.lastSeq - origin + 1;
  const before = bars === undefined ? 0 : firstBar(row, bars.intervalMs) - 1;
  const count = bars === undefined ? 2 : Math.floor(row.maxMs / bars.intervalMs) - before + 1;
  if (records > mostRecords || count > mostBars) return undefined;
  const slots = new Uint16Array(records);
  const places = new Uint16Array(blockRecords);
  for (const number of blocksOf(found, { db, row })) {
    if (limit.isOver) throw new TimeOver();
    const begin = number * blockRecords - origin;
    const block = bars?.times.block(number);
    const length = placesOf(found, number, block, places);
    if (bars === undefined || block === undefined) {
      for (let at = 0; at < length; at++) slots[begin + (places[at] as number)] = 1;
      continue;
    }
    const { firstMs, offsets } = block;
    const { intervalMs } = bars;
    for (let at = 0; at < length; at++) {
      const place = places[at] as number;
      slots[begin + place] = Math.floor((firstMs + (offsets[place] as number)) / intervalMs) - before;
    }
  }
  return { origin, slots, count };
}

/** Matches in each slot. */
export function countSlots({ slots, count }: RecordSlots): Float64Array {
  const counts = new Float64Array(count);
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at] as number;
    counts[slot] = (counts[slot] as number) + 1;
  }
  return counts;
}
