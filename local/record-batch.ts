/** A stretch of the queue, numbered without a gap: the bytes of its records one after another. */
/** Columns and not a list of records: a busy line would spend its time on collecting the objects. */
export class RecordBatch {
  constructor(
    /** Number of its first record. */
    readonly firstSeq: number,
    /** Arrival of each record, in milliseconds since 1970. */
    readonly arrivalsMs: Float64Array,
    /** Where each record ends in `body`; the first one begins at 0. */
    readonly ends: Uint32Array,
    readonly body: Buffer,
  ) {}

  get length(): number {
    return this.ends.length;
  }

  get lastSeq(): number {
    return this.firstSeq + this.length - 1;
  }

  /** Size of record `at`. */
  bytesOf(at: number): number {
    return this.ends[at]! - this.startOf(at);
  }

  /** Record `at`, as base64. */
  base64(at: number): string {
    return this.body.toString("base64", this.startOf(at), this.ends[at]);
  }

  /** Its bytes, which are those of `body`. */
  bytesAt(at: number): Buffer {
    return this.body.subarray(this.startOf(at), this.ends[at]);
  }

  /** Place of the record that the byte `offset` of `body` is in. */
  placeOf(offset: number): number {
    return placeIn(this.ends, offset);
  }

  /** Size of each record, four bytes each, the lowest first. */
  get lengths(): Uint8Array {
    return new Uint8Array(this.ends.map((_, at) => this.bytesOf(at)).buffer);
  }

  /** Whether each record ends in the one newline that it has, so that they can be told apart in `body` alone. */
  get isOfLines(): boolean {
    const newline = 10;
    let at = 0;
    for (let end = this.body.indexOf(newline); end >= 0; end = this.body.indexOf(newline, end + 1)) {
      if (this.ends[at++] !== end + 1) return false;
    }
    return at === this.ends.length;
  }

  /** Where record `at` begins in `body`. */
  startOf(at: number): number {
    return at === 0 ? 0 : this.ends[at - 1]!;
  }
}

/** Place among ascending `ends` of the stretch that `offset` is in. */
export function placeIn(ends: ArrayLike<number>, offset: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
