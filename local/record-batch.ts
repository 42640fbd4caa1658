/** A stretch of the queue, numbered without a gap: the bytes of its records one after another. */
/** Columns and not a list of records: a busy line would spend its time on collecting the objects. */
export class RecordBatch {
  constructor(
    /** Number of its first record. */
    readonly firstSeq: number,
    /** Arrival of each record, in milliseconds since 1970. */
    readonly arrivalsMs: readonly number[],
    /** Where each record ends in `body`; the first one begins at 0. */
    private readonly ends: readonly number[],
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

  private startOf(at: number): number {
    return at === 0 ? 0 : this.ends[at - 1]!;
  }
}
