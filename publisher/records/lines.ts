/** Cuts bytes into lines, and lines into batches. */
import { maxRecordBytes } from "../../firehose/limits";
import { BatchMemory, PackedBatch } from "../wire/packed-batch";
import { fits, type PutBatch } from "../wire/put-batch";
import { type Chunk, quiet } from "./quiet";

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
 * A chunk is done with when the next one is asked for.
 */
export async function* lineBatches(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  options: LineOptions,
  memory = new BatchMemory(),
): AsyncGenerator<PutBatch> {
  const cutter = new LineCutter(options, memory);
  try {
    for await (const chunk of chunks) yield* chunk === quiet ? cutter.pause() : cutter.push(chunk);
  } catch (error) {
    // Whole lines that came before the failure are not lost with it.
    yield* cutter.flush();
    throw error;
  }
  yield* cutter.end();
}

const LF = 0x0a;
const CR = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** More than these and a line is too long whatever is taken off: a CR, and on the first line a byte order mark. */
const maxBegunBytes = maxRecordBytes + 4;

class LineCutter {
  private readonly newlineBytes: number;
  private batch: PackedBatch;
  /** Length of a line whose end is in a chunk to come; its bytes lie behind the batch's records. */
  private begunBytes = 0;
  /** Set while a line that is too long goes by. */
  private refused: RefusedLine | undefined;
  private line = 1;

  constructor(
    private readonly options: LineOptions,
    private readonly memory: BatchMemory,
  ) {
    this.newlineBytes = (options.newline ?? true) ? 1 : 0;
    this.batch = new PackedBatch(memory);
  }

  *push(chunk: Buffer): Generator<PutBatch> {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      if (this.begunBytes > 0 || this.line === 1) {
        yield* this.begin(chunk, start, end);
        yield* this.finishBegun();
      } else if (!this.add(chunk, start, end)) {
        yield this.nextBatch(0, 0);
        this.add(chunk, start, end);
      }
      this.line++;
      start = end + 1;
    }
    if (start < chunk.length) yield* this.begin(chunk, start, chunk.length);
  }

  *end(): Generator<PutBatch> {
    if (this.begunBytes > 0) yield* this.finishBegun();
    yield* this.flush();
  }

  /** Gives the whole lines that are there; a line that has begun goes on in the next batch. */
  *pause(): Generator<PutBatch> {
    const { next, count } = this.batch;
    if (count > 0) yield this.nextBatch(next, next + (this.refused ? 0 : this.begunBytes));
  }

  *flush(): Generator<PutBatch> {
    if (this.batch.count > 0) yield this.batch;
    else this.batch.release();
  }

  /** Holds a piece of a line, or lets it go by where the line has become too long: memory stays small. */
  private *begin(chunk: Buffer, from: number, to: number): Generator<PutBatch> {
    const held = this.begunBytes;
    this.begunBytes += to - from;
    if (this.refused === undefined && this.begunBytes > maxBegunBytes) {
      this.refused = this.options.refuse(this.line);
      if (held > 0) this.refused.write(this.batch.memory.subarray(this.batch.next, this.batch.next + held));
    }
    if (this.refused) return this.refused.write(chunk.subarray(from, to));
    // The line would not go into this batch: there is no room for what is known of it.
    if (this.batch.next + this.begunBytes > this.batch.memory.length)
      yield this.nextBatch(this.batch.next, this.batch.next + held);
    this.batch.put(chunk, from, to, this.batch.next + held);
  }

  private *finishBegun(): Generator<PutBatch> {
    const bytes = this.begunBytes;
    this.begunBytes = 0;
    if (this.refused) {
      this.refused.end(bytes + this.newlineBytes);
      this.refused = undefined;
      return;
    }
    const { memory, next: start } = this.batch;
    let end = start + bytes;
    if (this.line === 1 && memory.subarray(start, Math.min(end, start + 3)).equals(byteOrderMark)) {
      memory.copyWithin(start, start + 3, end);
      end -= 3;
    }
    if (end > start && memory[end - 1] === CR) end--;
    if (end === start) return;
    const length = end - start + this.newlineBytes;
    if (length > maxRecordBytes) return this.refuse(memory, start, end);
    if (!fits(this.batch.count, this.batch.bytes, length)) yield this.nextBatch(start, end);
    this.endRecord(this.batch.next + end - start);
  }

  /** Adds a line that is whole in the chunk; says whether the batch had room for it. */
  private add(chunk: Buffer, start: number, lineEnd: number): boolean {
    const end = lineEnd > start && chunk[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    if (end === start) return true;
    const length = end - start + this.newlineBytes;
    if (length > maxRecordBytes) this.refuse(chunk, start, end);
    else if (!fits(this.batch.count, this.batch.bytes, length)) return false;
    else {
      const place = this.batch.next;
      this.batch.put(chunk, start, end, place);
      this.endRecord(place + end - start);
    }
    return true;
  }

  private endRecord(end: number): void {
    if (this.newlineBytes > 0) this.batch.memory[end] = LF;
    this.batch.add(end + this.newlineBytes);
  }

  private refuse(bytes: Buffer, start: number, end: number): void {
    const refused = this.options.refuse(this.line);
    refused.write(bytes.subarray(start, end));
    refused.end(end - start + this.newlineBytes);
  }

  /** Begins another batch with these bytes of the one that is given back. */
  private nextBatch(from: number, to: number): PutBatch {
    const full = this.batch;
    this.batch = new PackedBatch(this.memory);
    this.batch.put(full.memory, from, to, 0);
    return full;
  }
}
