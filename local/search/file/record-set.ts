/** Sets of record numbers, one bit each, in blocks that are there only where the set has something. */

const blockBits = 16;
export const blockRecords = 2 ** blockBits;
const blockWords = blockRecords / 32;

/** The block that a record is in. Numbers are beyond 32 bits in the end. */
export const blockOf = (seq: number): number => Math.floor(seq / blockRecords);

function onesIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class RecordSet {
  /** By number of the block. */
  private readonly blocks = new Map<number, Uint32Array>();

  get isEmpty(): boolean {
    for (const words of this.blocks.values()) if (words.some((word) => word !== 0)) return false;
    return true;
  }

  /** Memory that it takes. */
  get bytes(): number {
    return this.blocks.size * blockWords * 4;
  }

  add(seq: number): void {
    const words = this.block(blockOf(seq));
    const bit = seq & (blockRecords - 1);
    words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31));
  }

  /** For whoever sets many bits: those of a block, to be written to. */
  block(number: number): Uint32Array {
    let words = this.blocks.get(number);
    if (words === undefined) {
      words = new Uint32Array(blockWords);
      this.blocks.set(number, words);
    }
    return words;
  }

  /** The bits of a block, to be read; undefined where none is set. */
  wordsOf(number: number): Uint32Array | undefined {
    return this.blocks.get(number);
  }

  addRange(low: number, high: number): void {
    for (let seq = low; seq <= high; ) {
      const words = this.block(blockOf(seq));
      const end = Math.min(high, blockOf(seq) * blockRecords + blockRecords - 1);
      for (; seq <= end && (seq & 31) !== 0; seq++) this.add(seq);
      for (; seq + 31 <= end; seq += 32) words[(seq & (blockRecords - 1)) >>> 5] = 0xffffffff;
      for (; seq <= end; seq++) this.add(seq);
    }
  }

  has(seq: number): boolean {
    const words = this.blocks.get(blockOf(seq));
    const bit = seq & (blockRecords - 1);
    return words !== undefined && (((words[bit >>> 5] as number) >>> (bit & 31)) & 1) === 1;
  }

  copy(): RecordSet {
    const copy = new RecordSet();
    for (const [number, words] of this.blocks) copy.blocks.set(number, words.slice());
    return copy;
  }

  addAll(other: RecordSet): void {
    for (const [number, from] of other.blocks) {
      const words = this.blocks.get(number);
      if (words === undefined) this.blocks.set(number, from.slice());
      else for (let at = 0; at < blockWords; at++) words[at] = (words[at] as number) | (from[at] as number);
    }
  }

  keepOnly(other: RecordSet): void {
    for (const [number, words] of this.blocks) {
      const from = other.blocks.get(number);
      if (from === undefined) this.blocks.delete(number);
      else for (let at = 0; at < blockWords; at++) words[at] = (words[at] as number) & (from[at] as number);
    }
  }

  remove(other: RecordSet): void {
    for (const [number, words] of this.blocks) {
      const from = other.blocks.get(number);
      if (from === undefined) continue;
      for (let at = 0; at < blockWords; at++) words[at] = (words[at] as number) & ~(from[at] as number);
    }
  }

  /** Both ends included. @default all */
  count(low = 0, high = Number.MAX_SAFE_INTEGER): number {
    let count = 0;
    for (const [number, words] of this.blocks) {
      const start = number * blockRecords;
      if (start > high || start + blockRecords <= low) continue;
      const [first, last] = [Math.max(0, low - start), Math.min(blockRecords - 1, high - start)];
      const [from, to] = [first >>> 5, last >>> 5];
      for (let at = from; at <= to; at++) {
        let word = words[at] as number;
        if (at === from) word &= -1 << (first & 31);
        if (at === to) word &= -1 >>> (31 - (last & 31));
        count += onesIn(word);
      }
    }
    return count;
  }

  /** The members from `low` to `high`. */
  *ascending(low = 0, high = Number.MAX_SAFE_INTEGER): Generator<number> {
    for (const number of [...this.blocks.keys()].sort((a, b) => a - b)) {
      const start = number * blockRecords;
      if (start > high || start + blockRecords <= low) continue;
      const words = this.blocks.get(number) as Uint32Array;
      for (let at = Math.max(0, low - start) >>> 5; at < blockWords; at++) {
        for (let word = words[at] as number; word !== 0; word &= word - 1) {
          const seq = start + at * 32 + (31 - Math.clz32(word & -word));
          if (seq > high) return;
          if (seq >= low) yield seq;
        }
      }
    }
  }

  /** The members from `high` down to `low`. */
  *descending(low = 0, high = Number.MAX_SAFE_INTEGER): Generator<number> {
    for (const number of [...this.blocks.keys()].sort((a, b) => b - a)) {
      const start = number * blockRecords;
      if (start > high || start + blockRecords <= low) continue;
      const words = this.blocks.get(number) as Uint32Array;
      for (let at = Math.min(blockRecords - 1, high - start) >>> 5; at >= 0; at--) {
        for (let word = words[at] as number; word !== 0; ) {
          const bit = 31 - Math.clz32(word);
          word &= ~(1 << bit);
          const seq = start + at * 32 + bit;
          if (seq < low) return;
          if (seq <= high) yield seq;
        }
      }
    }
  }

  /** The nearest number that is no member: `seq` itself, or the next one in the direction of `step`. */
  nearestOther(seq: number, step: 1 | -1): number {
    let at = seq;
    while (this.has(at)) {
      const word = (this.blocks.get(blockOf(at)) as Uint32Array)[(at & (blockRecords - 1)) >>> 5];
      at = word === 0xffffffff ? at - (at & 31) + (step === 1 ? 32 : -1) : at + step;
    }
    return at;
  }
}
