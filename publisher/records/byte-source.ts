/** Bytes of files, folders and standard input, unpacked where they are compressed. */
import { readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { cannotRead } from "../errors";
import { free } from "../wire/free-memory";

/** Bytes read at once. */
const chunkBytes = 256 * 1024;
/** Bytes unpacked at once. */
const unpackedBytes = 64 * 1024;

/** An input that was found: a path, or `-` for standard input. */
export interface Input {
  readonly path: string;
  /** Size on disk in bytes; undefined for standard input. */
  readonly sizeBytes: number | undefined;
}

/** The inputs in order; a folder stands for all files in it, by name. Throws where one is not there. */
export function findInputs(paths: readonly string[]): Input[] {
  return paths.flatMap((path) => (path === "-" ? [{ path, sizeBytes: undefined }] : findFiles(path)));
}

function findFiles(path: string): Input[] {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory()) return [{ path, sizeBytes: stat.isFile() ? stat.size : undefined }];
    const names = readdirSync(path).filter((name) => !name.startsWith("."));
    return names.sort().flatMap((name) => findFiles(join(path, name)));
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/**
 * The bytes of an input. What begins like gzip or zstd is unpacked, whatever its name.
 * A chunk is lent: its memory is used again as soon as the next one is asked for.
 * `signal` ends standard input, which may be endless, behind what was read so far; a file is read on.
 */
export async function* bytesOf(
  input: Input,
  signal?: AbortSignal,
  stdin: Readable = process.stdin,
): AsyncGenerator<Buffer> {
  const endless = input.path === "-";
  const until = endless ? signal : undefined;
  const chunks = endless ? chunksOf(stdin, until, stdin === process.stdin) : fileChunks(input.path);
  try {
    const first = await chunks.next();
    if (first.done) return;
    const unpack = unpacker(first.value);
    if (unpack === undefined) {
      yield first.value;
      yield* chunks;
      return;
    }
    // An error of either stream comes out of `unpack`.
    pipeline(prepend(first.value, chunks), unpack, () => {});
    yield* chunksOf(unpack, until, true);
  } finally {
    // Standard input may be waiting for bytes that never come; a file is closed before the next one is opened.
    if (endless) stdin.destroy();
    else await chunks.return(undefined);
  }
}

/** Reads into the same memory again and again. */
async function* fileChunks(path: string): AsyncGenerator<Buffer> {
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

async function* prepend(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function unpacker(head: Buffer) {
  // With this mark every write waits until its bytes are unpacked: only then may their memory be used again.
  const options = { chunkSize: unpackedBytes, writableHighWaterMark: 1 };
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip(options);
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return createZstdDecompress(options);
  return undefined;
}

/**
 * All that the stream has; after the signal only what has arrived already.
 * @param ours nobody else holds on to the stream's chunks
 */
async function* chunksOf(
  stream: Readable,
  signal: AbortSignal | undefined,
  ours: boolean,
): AsyncGenerator<Buffer> {
  let wake = () => {};
  let failure: Error | undefined;
  let ended = false;
  const onError = (error: Error) => {
    failure = error;
    wake();
  };
  const onEnd = () => {
    ended = true;
    wake();
  };
  const onReadable = () => wake();
  stream.on("readable", onReadable).on("end", onEnd).on("error", onError);
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      const chunk: Buffer | null = stream.read();
      if (chunk !== null) {
        yield chunk;
        if (ours && chunk.byteLength === chunk.buffer.byteLength) free(chunk.buffer);
        continue;
      }
      if (failure) throw failure;
      if (ended || signal?.aborted) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stream.off("readable", onReadable).off("end", onEnd);
    signal?.removeEventListener("abort", onAbort);
  }
}
