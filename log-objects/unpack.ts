/** The bytes of an object as they are before they were packed. */
import { unreadable } from "./events";

export interface Unpacking {
  /** Takes packed bytes, and waits until those behind it are worked off. */
  write(chunk: Buffer): Promise<void>;
  /** No more comes: waits for the last of it. @throws where the packed data is damaged or ends too early */
  end(): Promise<void>;
}

export const createUnpack = () => {
  const zlib = require("node:zlib") as typeof import("node:zlib");
  const plain = (take: (chunk: Buffer) => Promise<void>): Unpacking => ({ write: take, end: async () => {} });
  const through = (
    stream: import("node:stream").Transform,
    take: (chunk: Buffer) => Promise<void>,
  ): Unpacking => {
    const read = async (): Promise<void> => {
      for await (const chunk of stream) await take(chunk);
    };
    const done = read();
    // Told by `write` or `end`, whichever comes next.
    done.catch(() => {});
    const isDrained = (): Promise<void> => new Promise((resolve) => void stream.once("drain", resolve));
    return {
      write: async (chunk) => {
        if (!stream.write(chunk)) await Promise.race([isDrained(), done]);
      },
      end: async () => {
        stream.end();
        await done;
      },
    };
  };
  /** @param head the first bytes, four at the least where there are so many */
  return (head: Buffer, take: (chunk: Buffer) => Promise<void>): Unpacking => {
    const magic = head.toString("latin1", 0, 4);
    if (magic === "PAR1") throw unreadable("is Parquet; lines, CloudTrail's JSON, gzip and zstd are read");
    if (magic.startsWith("\x1f\x8b")) return through(zlib.createGunzip(), take);
    if (magic === "\x28\xb5\x2f\xfd") return through(zlib.createZstdDecompress(), take);
    return plain(take);
  };
};
