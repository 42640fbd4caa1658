/** What became of a stretch of records in the transform: columns, as a busy line would spend its time on objects. */
import type { RecordBatch } from "./record-batch";

export interface FailedOutcome {
  readonly kind: "failed";
  readonly errorCode: string;
  readonly errorMessage: string;
  /** What the function's log says of this record. */
  readonly reason?: string;
}

/** Of one record; `data` in base64. */
export type OneOutcome =
  | { readonly kind: "ok"; readonly data: string }
  | { readonly kind: "dropped" }
  | FailedOutcome;

/** What a record's column says. */
export const outcomeKinds = { ok: 0, dropped: 1, failed: 2 } as const;

export interface OutcomeColumns {
  /** One of {@link outcomeKinds} for each record. */
  readonly kinds: Uint8Array;
  /** Where each record's bytes end in `body`; the first begin at 0. None where it is not ok. */
  readonly ends: Uint32Array;
  readonly body: Uint8Array;
}

export class Outcomes {
  readonly kinds: Uint8Array;
  readonly body: Buffer;
  private readonly ends: Uint32Array;

  /** `failureAt` is asked for failed records only. */
  constructor(
    { kinds, ends, body }: OutcomeColumns,
    readonly failureAt: (at: number) => FailedOutcome,
  ) {
    this.kinds = kinds;
    this.ends = ends;
    this.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }

  static of(list: readonly OneOutcome[]): Outcomes {
    const ends = new Uint32Array(list.length);
    const bodies = list.map((one) => (one.kind === "ok" ? Buffer.from(one.data, "base64") : Buffer.alloc(0)));
    for (const [at, { length }] of bodies.entries()) ends[at] = (ends[at - 1] ?? 0) + length;
    const kinds = Uint8Array.from(list, ({ kind }) => outcomeKinds[kind]);
    return new Outcomes({ kinds, ends, body: Buffer.concat(bodies) }, (at) => list[at] as FailedOutcome);
  }

  /** Of records that go on as they came. */
  static unchanged(records: RecordBatch): Outcomes {
    const { length, body, ends } = records;
    const failureAt = (): never => {
      throw new Error("no record has failed");
    };
    return new Outcomes({ kinds: new Uint8Array(length), ends, body }, failureAt);
  }

  get length(): number {
    return this.kinds.length;
  }

  /** Where the bytes of record `at` begin in `body`. */
  startOf(at: number): number {
    return at === 0 ? 0 : (this.ends[at - 1] as number);
  }

  endOf(at: number): number {
    return this.ends[at] as number;
  }
}
