/** Bytes of files, folders and standard input, unpacked where they are compressed. */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { cannotRead } from "./errors";

/** Bytes read at once. */
const chunkBytes = 256 * 1024;

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
 * `signal` ends standard input, which may be endless, behind what was read so far; a file is read on.
 */
export async function* bytesOf(
  input: Input,
  signal?: AbortSignal,
  stdin: Readable = process.stdin,
): AsyncGenerator<Buffer> {
  const endless = input.path === "-";
  const raw = endless ? stdin : createReadStream(input.path, { highWaterMark: chunkBytes });
  const until = endless ? signal : undefined;
  const chunks = chunksOf(raw, until);
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
    yield* chunksOf(unpack, until);
  } finally {
    raw.destroy();
  }
}

async function* prepend(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function unpacker(head: Buffer) {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip({ chunkSize: chunkBytes });
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528)
    return createZstdDecompress({ chunkSize: chunkBytes });
  return undefined;
}

/** All that the stream has; after the signal only what has arrived already. */
async function* chunksOf(stream: Readable, signal?: AbortSignal): AsyncGenerator<Buffer> {
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
