/** Stretches of bytes, numbered from 0 in the order in which they came; none is there twice. */
import { doubled } from "./doubled";

/** Of a slot: one more than a number, and above it what distinguishes most hashes, so that few bytes are looked at in vain. */
const numberBits = 23;
const numberMask = 2 ** numberBits - 1;

export class ByteTable {
  /** One after the other. Little at first: there is a table for each field of an index. */
  bytes = Buffer.alloc(64);
  /** By number; the end of one is the start of the next. */
  starts = new Int32Array(16);
  private hashes = new Int32Array(16);
  count = 0;
  /** 0 where one is free. A power of two, at least twice as many as are taken. Small: most looks at it miss the processor's cache. */
  private slots = new Int32Array(16);

  get usedBytes(): number {
    return this.starts[this.count] as number;
  }

  /** The number of these bytes; -1: they are not there. */
  numberOf(bytes: Uint8Array, begin: number, end: number, hash: number): number {
    return ((this.slots[this.slotOf(bytes, begin, end, hash)] as number) & numberMask) - 1;
  }

  /** The same, and those that are not there come in: they have the number that was the count. */
  take(bytes: Uint8Array, begin: number, end: number, hash: number): number {
    const slot = this.slotOf(bytes, begin, end, hash);
    const known = this.slots[slot] as number;
    if (known !== 0) return (known & numberMask) - 1;
    const number = this.add(bytes, begin, end);
    this.hashes[number] = hash;
    this.slots[slot] = signOf(hash) | this.count;
    if (2 * this.count >= this.slots.length) this.growSlots();
    return number;
  }

  /** Keeps its memory for those that come. */
  clear(): void {
    this.count = 0;
    this.slots.fill(0);
  }

  /** The slot that has the bytes, or where they belong. */
  private slotOf(bytes: Uint8Array, begin: number, end: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    const sign = signOf(hash);
    let slot = hash & mask;
    for (let taken = slots[slot] as number; taken !== 0; taken = slots[slot] as number) {
      if ((taken & ~numberMask) === sign && this.isAt((taken & numberMask) - 1, bytes, begin, end))
        return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private isAt(number: number, bytes: Uint8Array, begin: number, end: number): boolean {
    const start = this.starts[number] as number;
    if ((this.starts[number + 1] as number) - start !== end - begin) return false;
    const own = this.bytes;
    for (let at = begin, to = start; at < end; at++, to++) if (own[to] !== bytes[at]) return false;
    return true;
  }

  private add(bytes: Uint8Array, begin: number, end: number): number {
    const start = this.usedBytes;
    const used = start + end - begin;
    if (used > this.bytes.length) {
      const longer = Buffer.alloc(2 * used);
      this.bytes.copy(longer, 0, 0, start);
      this.bytes = longer;
    }
    if (this.count + 2 > this.starts.length) {
      this.starts = doubled(this.starts);
      this.hashes = doubled(this.hashes);
    }
    const own = this.bytes;
    for (let at = begin, to = start; at < end; at++, to++) own[to] = bytes[at] as number;
    this.starts[this.count + 1] = used;
    return this.count++;
  }

  private growSlots(): void {
    const slots = new Int32Array(2 * this.slots.length);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      const hash = this.hashes[number] as number;
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = signOf(hash) | (number + 1);
    }
    this.slots = slots;
  }
}

/** The low bits of a hash have chosen the slot. */
const signOf = (hash: number): number => hash & ~numberMask;
