/** What is looked for: a text, a time, or both. */
import type { RecordBatch } from "../../record-batch";
import { Needle } from "./needle";

export interface WantedOptions {
  /** Empty: any. */
  readonly text: string;
  /** From this time on, in milliseconds since 1970. */
  readonly fromMs?: number;
  /** Before this time. */
  readonly toMs?: number;
}

export class Wanted {
  readonly needle: Needle | undefined;
  private readonly fromMs: number;
  private readonly toMs: number;

  constructor({ text, fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY }: WantedOptions) {
    this.needle = text === "" ? undefined : new Needle(text);
    this.fromMs = fromMs;
    this.toMs = toMs;
  }

  isOfTime(firstMs: number, lastMs = firstMs): boolean {
    return lastMs >= this.fromMs && firstMs < this.toMs;
  }

  /** `[place, offset]` of each record that is wanted, with where in it the text is. */
  *placesIn(batch: RecordBatch): Generator<[place: number, offset: number]> {
    if (this.needle === undefined) {
      for (const [at, arrivalMs] of batch.arrivalsMs.entries()) if (this.isOfTime(arrivalMs)) yield [at, 0];
      return;
    }
    let last = -1;
    for (const offset of [...this.needle.places(batch.body)].flat()) {
      const at = batch.placeOf(offset);
      if (at === last || !this.isOfTime(batch.arrivalsMs[at]!)) continue;
      last = at;
      yield [at, offset - batch.startOf(at)];
    }
  }
}
