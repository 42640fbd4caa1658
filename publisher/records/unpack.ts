/**
 * Unpacks gzip and zstd while it is read: several members or frames in a row, zeros behind them, and of a damaged one
 * all that stands before the damage.
 */
import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { codeOf, isParquet, packedOtherwise, trailingBytes } from "../errors";
import { type Chunk, quiet } from "./quiet";
import { streamChunks } from "./stream-chunks";

export type Packing = "gzip" | "zstd";

export interface UnpackOptions {
  readonly packing: Packing;
  /** After the signal only what has arrived already is unpacked. */
  readonly signal?: AbortSignal | undefined;
  readonly quietMs?: number | undefined;
  /** The same bytes from their begin once more, where that can be. */
  readonly again?: () => AsyncGenerator<Chunk>;
}

/** Bytes unpacked at once. */
const unpackedBytes = 64 * 1024;
/** Bytes handed to the engine at once, pass by pass; what it made of the last of these is lost where they are damaged. */
const pieceBytes = [16 * 1024, 256, 1] as const;

const magic: Readonly<Record<Packing, (head: Buffer) => boolean>> = {
  gzip: (head) => head[0] === 0x1f && head[1] === 0x8b,
  // A frame, or one that is to be skipped.
  zstd: (head) =>
    head.length >= 4 && (head.readUInt32LE(0) === 0xfd2fb528 || (head.readUInt32LE(0) & ~0xf) === 0x184d2a50),
};

/** What else rotated logs are packed with. */
const others: readonly { readonly name: string; readonly command: string; readonly start: string }[] = [
  { name: "xz", command: "xz -dc", start: "\xfd7zXZ\0" },
  { name: "bzip2", command: "bzip2 -dc", start: "BZh" },
  { name: "lz4", command: "lz4 -dc", start: "\x04\x22\x4d\x18" },
  { name: "compress", command: "zcat", start: "\x1f\x9d" },
  { name: "ZIP", command: "unzip -p", start: "PK\x03\x04" },
];

/** How the bytes are packed, by their begin. Throws where it is in another way: cut into lines, it would be garbage. */
export function packingOf(head: Buffer): Packing | undefined {
  const begin = head.toString("latin1");
  if (begin.startsWith("PAR1")) throw isParquet();
  const other = others.find(({ start }) => begin.startsWith(start));
  // Text may begin with BZh; bzip2 has its block's magic number behind it.
  if (other && (other.name !== "bzip2" || /^BZh[1-9]1AY&/.test(begin)))
    throw packedOtherwise(other.name, other.command);
  return magic.gzip(head) ? "gzip" : magic.zstd(head) ? "zstd" : undefined;
}

/**
 * FIRST in large pieces, as fast as it goes. THEN, where the engine found damage, from the begin once more, from the piece
 * with the damage on in smaller ones, and once more byte by byte: the engine throws away what it made of a piece that it
 * did not like.
 */
export async function* unpacked(
  chunks: AsyncGenerator<Chunk>,
  options: UnpackOptions,
): AsyncGenerator<Chunk> {
  let given = 0;
  let damageFrom = 0;
  for (let pass = 0, source = chunks; ; pass++) {
    const small = pieceBytes[pass]!;
    const from = damageFrom;
    const sizeAt = (place: number) => (place < from ? Math.min(pieceBytes[0]!, from - place) : small);
    const input = new PackedInput(source, sizeAt);
    let skip = given;
    try {
      for await (const chunk of members(input, options)) {
        if (chunk === quiet) {
          yield chunk;
          continue;
        }
        const known = Math.min(skip, chunk.length);
        skip -= known;
        given += chunk.length - known;
        if (known < chunk.length) yield chunk.subarray(known);
      }
      return;
    } catch (error) {
      const isCut = codeOf(error) === "Z_BUF_ERROR"; // An end too early: all before it was given.
      if (isCut || !options.again || pass + 1 === pieceBytes.length) throw error;
      damageFrom = input.pieceStart;
    } finally {
      if (pass > 0) await source.return(undefined);
    }
    source = options.again();
  }
}

async function* members(input: PackedInput, options: UnpackOptions): AsyncGenerator<Chunk> {
  const { packing, signal, quietMs } = options;
  do {
    const settings = { chunkSize: unpackedBytes };
    const engine = packing === "gzip" ? createGunzip(settings) : createZstdDecompress(settings);
    const begin = input.taken;
    const feeding = feed(engine, input);
    try {
      yield* streamChunks(engine, { signal, ours: true, quietMs });
    } finally {
      engine.destroy();
    }
    // Where the source waits for bytes that never come, nobody waits for it.
    if (signal?.aborted) return;
    await feeding;
    input.giveBack(input.taken - begin - engine.bytesWritten);
  } while (await input.goesOn(magic[packing]));
}

/** Piece by piece: only when one is unpacked may its memory be used again. An error of the source comes out of the engine. */
async function feed(
  engine: Transform & { readonly bytesWritten: number },
  input: PackedInput,
): Promise<void> {
  const begin = input.taken;
  try {
    for await (const piece of input.pieces()) {
      await new Promise<void>((resolve) => {
        // Behind its end the engine takes nothing, and says nothing: it is closed then.
        engine.once("close", resolve);
        engine.write(piece, () => {
          engine.off("close", resolve);
          resolve();
        });
      });
      if (engine.destroyed || engine.bytesWritten < input.taken - begin) return;
    }
    engine.end();
  } catch (error) {
    engine.destroy(error as Error);
  }
}

/** Compressed bytes, one piece of a chunk at a time. */
class PackedInput {
  /** Bytes handed out. */
  taken = 0;
  /** Where the latest piece began. */
  pieceStart = 0;
  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;

  constructor(
    private readonly chunks: AsyncGenerator<Chunk>,
    private readonly sizeAt: (place: number) => number,
  ) {}

  /** Can be left early: the chunks go on where they were. */
  async *pieces(): AsyncGenerator<Buffer> {
    while (await this.fill()) {
      const piece = this.chunk.subarray(this.at, this.at + this.sizeAt(this.taken));
      this.pieceStart = this.taken;
      this.at += piece.length;
      this.taken += piece.length;
      yield piece;
    }
  }

  /** The latest bytes were not used; they are all of the latest piece. */
  giveBack(bytes: number): void {
    this.at -= bytes;
    this.taken -= bytes;
  }

  /** Says whether another member begins here; zeros may stand before the end. Throws where something else follows. */
  async goesOn(begins: (head: Buffer) => boolean): Promise<boolean> {
    const place = this.taken;
    while (await this.fill()) {
      const rest = this.chunk.subarray(this.at);
      const other = rest.findIndex((byte) => byte !== 0);
      if (other === 0 && this.taken === place && begins(await this.head(4))) return true;
      if (other >= 0) throw trailingBytes(place);
      this.at += rest.length;
      this.taken += rest.length;
    }
    return false;
  }

  /** The next bytes, without taking them, as far as there are so many. */
  private async head(bytes: number): Promise<Buffer> {
    let rest = Buffer.from(this.chunk.subarray(this.at));
    while (rest.length < bytes) {
      const { value, done } = await this.chunks.next();
      if (done) break;
      if (value !== quiet) rest = Buffer.concat([rest, value]);
    }
    this.chunk = rest;
    this.at = 0;
    return rest;
  }

  private async fill(): Promise<boolean> {
    while (this.at >= this.chunk.length) {
      const { value, done } = await this.chunks.next();
      if (done) return false;
      if (value === quiet) continue;
      this.chunk = value;
      this.at = 0;
    }
    return true;
  }
}
