/** Bytes of a file, a pipe or standard input, unpacked where they are compressed and as UTF-8 where they are UTF-16. */
import { constants, createReadStream, fstatSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import { encodingOf, inUtf8 } from "./encoding";
import type { Input } from "./find-inputs";
import { beginOf } from "./head";
import { type Chunk, quietMs as usualQuietMs } from "./quiet";
import { streamChunks } from "./stream-chunks";
import { packingOf, unpacked } from "./unpack";

/** Bytes read at once: each time wakes another thread, and is waited for. */
const chunkBytes = 1024 * 1024;

export interface ByteOptions {
  /** Ends what may be endless behind what was read so far; a file is read on. */
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: Readable | undefined;
  /** `quiet` is given so many milliseconds after something has arrived from what may be endless. */
  readonly quietMs?: number | undefined;
  /** Something that a person should know, one line. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/**
 * The bytes of an input. What begins like gzip or zstd is unpacked, whatever its name; so is UTF-16 turned into UTF-8.
 * A chunk is lent: its memory is used again as soon as the next one is asked for.
 */
export async function* bytesOf(input: Input, options: ByteOptions = {}): AsyncGenerator<Chunk> {
  const source = sourceOf(input, options);
  try {
    const { head, chunks } = await beginOf(plainBytes(source));
    const encoding = encodingOf(head);
    if (encoding) options.onNote?.(`is ${encoding.toUpperCase()}, sent as UTF-8`);
    yield* encoding ? inUtf8(chunks, encoding) : chunks;
  } finally {
    // Standard input may be waiting for bytes that never come; a file is closed before the next one is opened.
    await source.close();
  }
}

/** Where the bytes come from. A file has an end that is waited for, and can be read again. */
interface Source {
  readonly chunks: AsyncGenerator<Chunk>;
  readonly again?: () => AsyncGenerator<Chunk>;
  readonly signal?: AbortSignal | undefined;
  readonly quietMs?: number | undefined;
  close(): Promise<void>;
}

async function* plainBytes({ chunks, again, signal, quietMs }: Source): AsyncGenerator<Chunk> {
  const begin = await beginOf(chunks);
  const packing = packingOf(begin.head);
  if (packing === undefined) yield* begin.chunks;
  else yield* unpacked(begin.chunks, { packing, signal, quietMs, ...(again && { again }) });
}

function sourceOf({ path, sizeBytes, open: openThere }: Input, options: ByteOptions): Source {
  if (sizeBytes !== undefined) {
    const begin = openThere ?? (() => fileChunks(path));
    const chunks = begin();
    const close = async () => void (await chunks.return(undefined));
    return { chunks, again: begin, close };
  }
  const stream = path === "-" ? (options.stdin ?? process.stdin) : openStream(path);
  const { signal, quietMs = usualQuietMs } = options;
  const chunks = streamChunks(stream, { signal, ours: stream !== options.stdin, quietMs });
  return { chunks, signal, quietMs, close: async () => void stream.destroy() };
}

/**
 * A pipe, a terminal or a device. Opened without waiting: the usual way waits for somebody who writes, in a thread that
 * keeps the process from ending.
 */
function openStream(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (isatty(fd)) return new ReadStream(fd);
  return fstatSync(fd).isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream(path, { fd });
}

/** Reads into the same memory again and again. */
async function* fileChunks(path: string): AsyncGenerator<Chunk> {
  const file = await open(path);
  try {
    const memory = Buffer.allocUnsafeSlow(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(memory, 0, chunkBytes, null);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
