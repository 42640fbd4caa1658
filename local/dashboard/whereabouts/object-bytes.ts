/** The bytes of an object, unpacked, as many as may be. */
import { createGunzip } from "node:zlib";
import type { BackupFolder } from "../backup-folder";

export interface ObjectBytes {
  readonly modifiedMs: number;
  readonly bytes: Buffer;
  /** Whether they are not all of it. */
  readonly cut: boolean;
}

/** Endings of formats that are not unpacked here. */
const packed = /\.(zip|snappy|hsnappy)$/;

/** Undefined: it is packed in a way, or damaged, so that it cannot be looked into. */
export async function bytesOf(
  folder: BackupFolder,
  { key }: { readonly key: string },
  maxBytes: number,
): Promise<ObjectBytes | undefined> {
  if (packed.test(key)) return undefined;
  const { object, stream } = await folder.open(key);
  const isGzip = key.endsWith(".gz");
  const unpacked = isGzip ? stream.pipe(createGunzip()) : stream;
  if (isGzip) stream.on("error", (error) => unpacked.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) break;
    }
  } catch {
    // It is counted among those that could not be read, and its preview says why.
    return undefined;
  } finally {
    stream.destroy();
  }
  const { modifiedMs } = object;
  return { modifiedMs, bytes: Buffer.concat(chunks).subarray(0, maxBytes), cut: length > maxBytes };
}
