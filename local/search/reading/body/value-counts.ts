/** How often each value of a field is there in the matches of each slot, taken from the tokens of the field. */
import type { DocValue } from "../../documents/doc-values";
import type { TokenVisitor } from "../../file/token-records";
import type { RecordSlots } from "./record-slots";
import type { TokenValues } from "./token-values";

/** How often a value is there in the matches of a slot. */
export type CountValue = (slot: number, value: DocValue, count: number) => void;

/** Tells of each value, slot by slot, in how many matches it is. A value may be told several times. */
export class ValueCounts implements TokenVisitor {
  private bytes: Buffer | undefined;
  private begin = 0;
  private end = 0;
  private readonly counts: Uint32Array;
  private readonly touched: Uint32Array;

  constructor(
    private readonly slots: RecordSlots,
    private readonly values: TokenValues,
    private readonly add: CountValue,
  ) {
    this.counts = new Uint32Array(slots.count);
    this.touched = new Uint32Array(slots.count);
  }

  readonly token = (bytes: Buffer, begin: number, end: number): boolean => {
    this.bytes = bytes;
    this.begin = begin;
    this.end = end;
    return true;
  };

  records(records: Int32Array, count: number): void {
    const { counts, touched } = this;
    const { slots } = this.slots;
    let length = 0;
    for (let at = 0; at < count; at++) {
      const slot = slots[records[at] as number] as number;
      if (slot === 0) continue;
      if (counts[slot] === 0) touched[length++] = slot;
      counts[slot] = (counts[slot] as number) + 1;
    }
    if (length === 0) return;
    const value = this.values.valueOf(this.bytes as Buffer, this.begin, this.end);
    for (let at = 0; at < length; at++) {
      const slot = touched[at] as number;
      this.add(slot, value, counts[slot] as number);
      counts[slot] = 0;
    }
  }
}
