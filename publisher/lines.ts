/** Cuts bytes into lines, and lines into batches, without copying what can stay where it is. */
import { maxRecordBytes } from "../firehose/limits";
import { type Batch, encodeRecord, fits, RecordBatch } from "./batch";

/** Takes a line that is too long, piece by piece: it may be longer than memory. */
export interface RefusedLine {
  write(piece: Buffer): void;
  /** @param bytes length of the whole record, the newline that would have been added included */
  end(bytes: number): void;
}

export interface LineOptions {
  /** Add a newline to each record. @default true */
  readonly newline?: boolean;
  /** Called for a line that is too long, with its number from 1. */
  readonly refuse: (line: number) => RefusedLine;
}

/**
 * Batches of the lines of one file. Bytes stay as they are, except: a byte order mark at the start and the CR of CR LF
 * are taken off, blank lines are left out, and each record ends in one newline. The last line may have none.
 */
export async function* lineBatches(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: LineOptions,
): AsyncGenerator<Batch> {
  const cutter = new LineCutter(options);
  try {
    for await (const chunk of chunks) yield* cutter.push(chunk);
  } catch (error) {
    // Whole lines that came before the failure are not lost with it.
    yield* cutter.flush();
    throw error;
  }
  yield* cutter.end();
}

const LF = 0x0a;
const CR = 0x0d;
const newline = Buffer.from("\n");
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

class LineCutter {
  private readonly newline: boolean;
  private batch = new LineBatch();
  /** Start of a line whose end is in a chunk to come. */
  private begun: Buffer[] = [];
  private begunBytes = 0;
  /** Set while a line that is too long goes by. */
  private refused: RefusedLine | undefined;
  private line = 1;

  constructor(private readonly options: LineOptions) {
    this.newline = options.newline ?? true;
  }

  *push(chunk: Buffer): Generator<Batch> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LF, start);
      if (end < 0) break;
      if (this.begunBytes > 0 || this.line === 1) {
        this.begin(chunk.subarray(start, end));
        yield* this.finishBegun();
      } else yield* this.add(chunk, start, end, true);
      this.line++;
      start = end + 1;
    }
    if (start < chunk.length) this.begin(chunk.subarray(start));
  }

  *end(): Generator<Batch> {
    if (this.begunBytes > 0) yield* this.finishBegun();
    yield* this.flush();
  }

  *flush(): Generator<Batch> {
    if (this.batch.count > 0) yield this.batch;
  }

  /** Holds a piece of a line, or lets it go by where the line has become too long: memory stays small. */
  private begin(piece: Buffer): void {
    this.begunBytes += piece.length;
    if (this.refused) {
      this.refused.write(piece);
      return;
    }
    this.begun.push(piece);
    // Three bytes more may still go: a CR, and on the first line a byte order mark.
    if (this.begunBytes > maxRecordBytes + 4) this.refuseBegun();
  }

  private refuseBegun(): void {
    this.refused = this.options.refuse(this.line);
    for (const piece of this.begun) this.refused.write(piece);
    this.begun = [];
  }

  private *finishBegun(): Generator<Batch> {
    const bytes = this.begunBytes;
    const pieces = this.begun;
    this.begun = [];
    this.begunBytes = 0;
    if (this.refused) {
      this.refused.end(bytes + (this.newline ? 1 : 0));
      this.refused = undefined;
      return;
    }
    const whole = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    const marked = this.line === 1 && whole.subarray(0, 3).equals(byteOrderMark);
    yield* this.add(whole, marked ? 3 : 0, whole.length, false);
  }

  /** Adds the line from `start` to `end`; `ended` says whether the byte at `end` is its newline. */
  private *add(bytes: Buffer, start: number, end: number, ended: boolean): Generator<Batch> {
    const trimmed = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (trimmed === start) return;
    const length = trimmed - start + (this.newline ? 1 : 0);
    if (length > maxRecordBytes) {
      const refused = this.options.refuse(this.line);
      refused.write(bytes.subarray(start, trimmed));
      return refused.end(length);
    }
    if (!fits(this.batch.count, this.batch.bytes, length)) {
      yield this.batch;
      this.batch = new LineBatch();
    }
    if (!this.newline) this.batch.add(bytes, start, trimmed);
    else if (ended && trimmed === end) this.batch.add(bytes, start, end + 1);
    else this.batch.add(Buffer.concat([bytes.subarray(start, trimmed), newline]), 0, length);
  }
}

/** Records that lie where they were read: each a piece of a chunk. */
class LineBatch implements Batch {
  count = 0;
  bytes = 0;
  private readonly chunks: Buffer[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  add(chunk: Buffer, start: number, end: number): void {
    this.chunks.push(chunk);
    this.starts.push(start);
    this.ends.push(end);
    this.count++;
    this.bytes += end - start;
  }

  encode(into: Buffer, at: number): number {
    let place = at;
    for (let n = 0; n < this.count; n++) {
      place = encodeRecord(this.chunks[n]!, this.starts[n]!, this.ends[n]!, into, place);
    }
    return place - 1; // Without the last comma.
  }

  record(position: number): Uint8Array {
    const chunk = this.chunks[position];
    if (chunk === undefined) throw new RangeError(`no record ${position} in a batch of ${this.count}`);
    return chunk.subarray(this.starts[position], this.ends[position]);
  }

  pick(positions: readonly number[]): Batch {
    return new RecordBatch(positions.map((position) => this.record(position)));
  }
}
