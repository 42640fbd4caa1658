/**
 * Sends batches and accounts for every record: each one ends as accepted or as unsent, never neither.
 *
 *     const connection = connect(target);
 *     const summary = await sendAll(connection.put, numberedBatches(1000));
 *     connection.close();
 */
import { maxBatchBytes } from "../../firehose/limits";
import { oneLine } from "../errors";
import { backoffMs, type Clock, realClock } from "./backoff";
import { Budget } from "./budget";
import { failureOf, isThrottlingCode } from "./failures";
import { Pace } from "./pace";
import type { PutBatch } from "./put-batch";

/** An entry of a call that was not accepted. */
export interface FailedEntry {
  /** Its place in the batch, from 0. */
  readonly position: number;
  /** Such as `ServiceUnavailableException`. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** One PutRecordBatch call: gives the entries that failed, or throws what the SDK throws. */
export type PutCall = (batch: PutBatch) => Promise<readonly FailedEntry[]>;

export interface SendOptions {
  /** Calls in flight at the most. @default 8 */
  readonly inFlight?: number;
  /** How long a batch is tried without any of it being accepted, in milliseconds. @default 300000 */
  readonly timeoutMs?: number;
  /** Calls in a row without any record of the batch being accepted, at the most. @default 50 */
  readonly maxAttempts?: number;
  /** Stops the sending: calls in flight end, nothing is tried again, the rest is unsent. */
  readonly signal?: AbortSignal;
  /**
   * The same source can be read once more: after a stop the rest is not read. What was read ends as accepted or unsent.
   * @default false: the rest is read and handed to `onUnsent`
   */
  readonly repeatable?: boolean;
  /** Takes what was not accepted, as it turns up, and the batch of the source that it was in. */
  readonly onUnsent?: (batch: PutBatch, of: PutBatch) => void;
  /** Called once when nothing more is to be sent: a source that has no end can end. */
  readonly onStop?: () => void;
  /** Called after each call, with the running totals. */
  readonly onProgress?: (summary: Summary) => void;
  /** Records per second at the most. @default no limit */
  readonly ratePerSecond?: number;
  readonly clock?: Clock;
}

/** What became of the records; `accepted` + `unsent` is the number of records that were read from the source. */
export interface Summary {
  /** Records that the service accepted. */
  accepted: number;
  /** Bytes of the accepted records, before base64. */
  acceptedBytes: number;
  /** Records that were not accepted. */
  unsent: number;
  /** PutRecordBatch calls, failed ones included. */
  calls: number;
  /** Records sent again, each time counted. */
  resent: number;
  /** Calls that were answered, in whole or in part, with "slow down". */
  throttledCalls: number;
  /** Records of calls whose answer was lost and that were sent again: at most so many may be there twice. */
  possibleDuplicates: number;
  /** Why the sending ended before the source did, one line. */
  stopped?: string;
  /** Why the latest record that was not accepted failed, one line. */
  lastError?: string;
}

/** Sends all batches of `source`. Does not throw for what the service answers: the summary says it. */
export async function sendAll(
  put: PutCall,
  source: Iterable<PutBatch> | AsyncIterable<PutBatch>,
  options: SendOptions = {},
): Promise<Summary> {
  return new Sender(put, options).run(source);
}

/**
 * Bytes of the batches in flight, before base64, at the most: two batches of the greatest size fit, hundreds of small
 * records in each of 8 calls do too. In flight a batch takes 7/3 of its bytes: its records, and the body with their base64.
 */
const maxBytesInFlight = 2 * maxBatchBytes;

/** So many answers that say nothing, before any record was accepted: what answers is no Firehose. */
const maxUnclear = 10;

class Sender {
  private readonly summary: Summary = {
    accepted: 0,
    acceptedBytes: 0,
    unsent: 0,
    calls: 0,
    resent: 0,
    throttledCalls: 0,
    possibleDuplicates: 0,
  };
  private readonly clock: Clock;
  private readonly pace: Pace;
  private readonly budget = new Budget(maxBytesInFlight);
  private unclear = 0;
  private turn: Promise<unknown> = Promise.resolve();
  /** Given when nothing more is to be sent. */
  private readonly stop = new AbortController();

  constructor(
    private readonly put: PutCall,
    private readonly options: SendOptions,
  ) {
    this.clock = options.clock ?? realClock;
    this.pace = new Pace(this.clock, options.ratePerSecond);
  }

  async run(source: Iterable<PutBatch> | AsyncIterable<PutBatch>): Promise<Summary> {
    const { signal, inFlight = 8 } = this.options;
    const interrupt = () => this.stopWith("interrupted");
    if (signal?.aborted) interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      const batches = iteratorOf(source);
      await Promise.all(Array.from({ length: inFlight }, () => this.slot(batches)));
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }
    return this.summary;
  }

  /** One of the calls in flight: takes batch after batch; after a stop it only accounts for them. */
  private async slot(batches: Batches): Promise<void> {
    for (;;) {
      if (this.stop.signal.aborted && this.options.repeatable) return;
      const batch = await this.take(batches);
      if (batch === undefined) return;
      if (this.stop.signal.aborted) this.giveUp(batch, batch);
      else await this.deliver(batch);
      this.budget.give(batch.bytes);
      batch.release?.();
    }
  }

  /** One slot after the other takes a batch, and only when there is room for the largest: none is read to wait. */
  private take(batches: Batches): Promise<PutBatch | undefined> {
    const taken = this.turn.then(async () => {
      if (!this.budget.take(maxBatchBytes)) await this.budget.wait(maxBatchBytes);
      let used = 0;
      try {
        const next = await batches.next();
        if (next.done) return undefined;
        used = next.value.bytes;
        return next.value as PutBatch;
      } finally {
        this.budget.give(maxBatchBytes - used);
      }
    });
    this.turn = taken.catch(() => {});
    return taken;
  }

  /**
   * FIRST the call, THEN what failed of it, by position and in order, until nothing is left or time is up.
   * A call that got something through starts the waiting anew: only fruitless ones make it longer.
   */
  private async deliver(batch: PutBatch): Promise<void> {
    const { timeoutMs = 300_000, maxAttempts = 50 } = this.options;
    const acceptedBefore = this.summary.accepted;
    let sinceMs = this.clock.now();
    let fruitless = 0;
    let rest = batch;
    for (;;) {
      const paceMs = this.pace.reserve(rest.count);
      if (paceMs > 0) await this.clock.sleep(paceMs, this.stop.signal);
      if (this.stop.signal.aborted) break;
      const left = await this.attempt(rest);
      this.options.onProgress?.(this.summary);
      if (left === undefined) return;
      if (left.count < rest.count) {
        fruitless = 0;
        sinceMs = this.clock.now();
      } else fruitless++;
      rest = left;
      if (this.stop.signal.aborted || fruitless >= maxAttempts) break;
      const waitMs = backoffMs(Math.max(1, fruitless), this.clock.random);
      if (this.clock.now() + waitMs - sinceMs > timeoutMs) {
        // Nothing at all came through in that time: the batches to come would each wait as long.
        if (this.summary.accepted === acceptedBefore) {
          this.stopWith(`nothing was accepted for ${timeoutMs / 1000} s`);
        }
        break;
      }
      await this.clock.sleep(waitMs, this.stop.signal);
      if (this.stop.signal.aborted) break;
      this.summary.resent += rest.count;
    }
    this.giveUp(rest, batch);
  }

  /** One call. Gives what is to be sent again. */
  private async attempt(batch: PutBatch): Promise<PutBatch | undefined> {
    this.summary.calls++;
    try {
      const failed = await this.put(batch);
      return this.settle(batch, failed);
    } catch (error) {
      const failure = failureOf(error);
      this.summary.lastError = oneLine(error);
      if (failure === "throttled") this.throttled();
      if (failure === "lost" || failure === "unclear") this.summary.possibleDuplicates += batch.count;
      // Something else than a Firehose gives the same answer for ever.
      const isOther = failure === "unclear" && this.summary.accepted === 0 && ++this.unclear >= maxUnclear;
      if (isOther) this.stopWith(oneLine(error));
      if (failure === "fatal") this.stopWith(oneLine(error));
      return batch;
    }
  }

  private settle(batch: PutBatch, failed: readonly FailedEntry[]): PutBatch | undefined {
    const rest = failed.length === 0 ? undefined : batch.pick(failed.map(({ position }) => position));
    this.summary.accepted += batch.count - failed.length;
    this.summary.acceptedBytes += batch.bytes - (rest?.bytes ?? 0);
    const [first] = failed;
    if (first) this.summary.lastError = `${first.errorCode}: ${first.errorMessage}`;
    this.pace.accepted(batch.count - failed.length);
    if (failed.some(({ errorCode }) => isThrottlingCode(errorCode))) this.throttled();
    return rest;
  }

  private throttled(): void {
    this.summary.throttledCalls++;
    this.pace.throttled();
  }

  private giveUp(batch: PutBatch, of: PutBatch): void {
    this.summary.unsent += batch.count;
    this.options.onUnsent?.(batch, of);
  }

  private stopWith(reason: string): void {
    if (this.stop.signal.aborted) return;
    this.summary.stopped = reason;
    this.stop.abort();
    this.options.onStop?.();
  }
}

interface Batches {
  next(): Promise<IteratorResult<PutBatch>> | IteratorResult<PutBatch>;
}

const iteratorOf = (source: Iterable<PutBatch> | AsyncIterable<PutBatch>): Batches =>
  Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
