/** The messages that are sent where no file is named: `{"message":"hello world 1"}`, `… 2"}`, and so on. */
import { maxRecordsPerBatch } from "../firehose/limits";
import { type Batch, encodedBytes, RecordBatch } from "./batch";

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

  encode(into: Buffer, at: number): number {
    let end = at;
    for (let number = this.first; number < this.first + this.count; ) {
      const length = String(number).length;
      const last = Math.min(10 ** length, this.first + this.count);
      end = patternFor(length, this.newline).write(number, last, into, end);
      number = last;
    }
    return end - 1; // Without the last comma.
  }

  record(position: number): Uint8Array {
    return Buffer.from(text(this.first + position, this.newline));
  }

  pick(positions: readonly number[]): Batch {
    return new RecordBatch(positions.map((position) => this.record(position)));
  }
}

const text = (number: number, newline: boolean): string => `${head}${number}${tail}${newline ? "\n" : ""}`;

/** The base64 of each group of three digits, 000 to 999: four letters each. */
const groups = Buffer.from(
  Array.from({ length: 1000 }, (_, n) => Buffer.from(String(n).padStart(3, "0")).toString("base64")).join(""),
);

/**
 * A full batch of messages whose numbers have the same length, in base64. The head is 24 bytes, so base64 takes the
 * digits in groups of three from the first one on; only these change from batch to batch, all else stays.
 */
class Pattern {
  private readonly full: Buffer;
  /** Bytes of one element of `Records`, the comma behind it included. */
  private readonly stride: number;
  /** Digits behind the last group of three: these share their base64 with the tail. */
  private readonly odd: number;
  /** For each value of the odd digits the base64 of these and the tail. */
  private readonly ends: readonly Buffer[];

  constructor(
    private readonly length: number,
    newline: boolean,
  ) {
    const one = new RecordBatch([Buffer.from(text(10 ** (length - 1), newline))]);
    const element = Buffer.alloc(encodedBytes(one), ",");
    this.stride = one.encode(element, 0) + 1;
    this.full = Buffer.alloc(this.stride * maxRecordsPerBatch, element.subarray(0, this.stride));
    this.odd = length % 3;
    this.ends = Array.from({ length: 10 ** this.odd }, (_, n) => {
      const digits = this.odd === 0 ? "" : String(n).padStart(this.odd, "0");
      return Buffer.from(Buffer.from(`${digits}${tail}${newline ? "\n" : ""}`).toString("base64"));
    });
  }

  /** Writes the messages `first` to below `last`, each with a comma behind it. */
  write(first: number, last: number, into: Buffer, at: number): number {
    const end = at + this.full.copy(into, at, 0, (last - first) * this.stride);
    const scale = 10 ** this.odd;
    const triples = (this.length - this.odd) / 3;
    const digitsAt = at + '{"Data":"'.length + (head.length / 3) * 4;
    for (let number = first, place = digitsAt; number < last; number++, place += this.stride) {
      let rest = Math.floor(number / scale);
      const ending = this.ends[number - rest * scale]!;
      for (let n = 0; n < ending.length; n++) into[place + triples * 4 + n] = ending[n]!;
      for (let triple = triples - 1; triple >= 0; triple--) {
        const high = Math.floor(rest / 1000);
        const from = (rest - high * 1000) * 4;
        for (let n = 0; n < 4; n++) into[place + triple * 4 + n] = groups[from + n]!;
        rest = high;
      }
    }
    return end;
  }
}

const patterns = new Map<string, Pattern>();

function patternFor(length: number, newline: boolean): Pattern {
  const key = `${length} ${newline}`;
  const pattern = patterns.get(key) ?? new Pattern(length, newline);
  patterns.set(key, pattern);
  return pattern;
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
