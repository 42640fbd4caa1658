/** The messages that are sent where no file is named: `{"message":"hello world 1"}`, `… 2"}`, and so on. */
import { maxRecordsPerBatch } from "../firehose/limits";
import { type Batch, RecordBatch } from "./batch";

const head = '{"message":"hello world ';
const tail = '"}';

/** Batches of the messages 1 to `total`, each message once, each ended by a newline where `newline` is set. */
export function* helloBatches(total: number, newline = true): Generator<Batch> {
  for (let first = 1; first <= total; first += maxRecordsPerBatch) {
    yield new HelloBatch(first, Math.min(maxRecordsPerBatch, total - first + 1), newline);
  }
}

class HelloBatch implements Batch {
  readonly bytes: number;

  constructor(
    /** Number of the first message. */
    readonly first: number,
    readonly count: number,
    readonly newline: boolean,
  ) {
    this.bytes = count * (head.length + tail.length + (newline ? 1 : 0)) + digits(first, first + count - 1);
  }

  encode(): string {
    let out = "";
    for (let position = 0; position < this.count; position++) {
      out += `${position === 0 ? "" : ","}{"Data":"${Buffer.from(this.text(position)).toString("base64")}"}`;
    }
    return out;
  }

  record(position: number): Uint8Array {
    return Buffer.from(this.text(position));
  }

  pick(positions: readonly number[]): Batch {
    return new RecordBatch(positions.map((position) => this.record(position)));
  }

  private text(position: number): string {
    return `${head}${this.first + position}${tail}${this.newline ? "\n" : ""}`;
  }
}

/** Decimal digits of all the numbers from `first` to `last` together. */
function digits(first: number, last: number): number {
  let sum = 0;
  for (let length = 1, low = 1; low <= last; length++, low *= 10) {
    const from = Math.max(first, low);
    const to = Math.min(last, low * 10 - 1);
    if (from <= to) sum += (to - from + 1) * length;
  }
  return sum;
}
