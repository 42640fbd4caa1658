/** The bytes of an object as they are before they were packed: members and frames in a row, zeros between them or behind. */
import { unreadable } from "./events";

type Take = (chunk: Buffer) => Promise<void>;

export interface Unpacking {
  /** Takes packed bytes, and waits until those behind it are worked off. */
  write(chunk: Buffer): Promise<void>;
  /** No more comes: waits for the last of it. @throws where the packed data is damaged or ends too early */
  end(): Promise<void>;
}

/** One run of members that zlib reads by itself: gzip until zeros or something else follows, of zstd a frame or more. */
interface Engine {
  /** @returns what is behind its end, empty where it is not known to have come */
  write(piece: Buffer): Promise<Buffer>;
  end(): Promise<void>;
}

/** @returns what unpacks, and undefined for what is not packed; by the first bytes, four at the least where there are so many */
export const createUnpack = () => {
  const zlib = require("node:zlib") as typeof import("node:zlib");
  const chunkSize = 64 * 1024;
  const engineOf = (magic: string, take: Take): Engine | undefined => {
    if (isGzip(magic)) return createEngine(zlib.createGunzip({ chunkSize }), take);
    return isZstd(magic) ? createEngine(zlib.createZstdDecompress({ chunkSize }), take) : undefined;
  };
  return (head: Buffer, take: Take): Unpacking | undefined => {
    let engine = engineOf(magicOf(head), take);
    if (!engine) return undefined;
    /** Behind the end of a member: what may be the first bytes of another. */
    let between: Buffer = Buffer.alloc(0);
    const begin = (isLast: boolean): Buffer => {
      const bytes = between;
      const first = bytes.findIndex((byte) => byte !== 0);
      between = first < 0 ? Buffer.alloc(0) : bytes.subarray(first);
      if (between.length === 0 || (between.length < 4 && !isLast)) return Buffer.alloc(0);
      engine = engineOf(magicOf(between), take);
      if (!engine)
        throw unreadable("has bytes behind its packed data that are not packed; they are left out");
      return between;
    };
    const write = async (chunk: Buffer): Promise<void> => {
      let rest = chunk;
      while (rest.length > 0) {
        if (!engine) {
          between = Buffer.concat([between, rest]);
          rest = begin(false);
          if (!engine) return;
          between = Buffer.alloc(0);
        }
        const behind: Buffer = await engine.write(rest);
        if (behind.length > 0) engine = undefined;
        rest = behind;
      }
    };
    const end = async (): Promise<void> => {
      const rest = engine ? Buffer.alloc(0) : begin(true);
      if (rest.length > 0) await engine?.write(rest);
      await engine?.end();
    };
    return { write, end };
  };
};

const magicOf = (head: Buffer): string => head.toString("latin1", 0, 4);
export const isGzip = (magic: string): boolean => magic.startsWith("\x1f\x8b");
/** A frame, or one that is to be skipped. */
export const isZstd = (magic: string): boolean => {
  const first = magic.charCodeAt(0);
  return (
    magic === "\x28\xb5\x2f\xfd" || (first >= 0x50 && first <= 0x5f && magic.slice(1) === "\x2a\x4d\x18")
  );
};

function createEngine(
  stream: import("node:stream").Transform & { readonly bytesWritten: number },
  take: Take,
): Engine {
  const read = async (): Promise<void> => {
    for await (const chunk of stream) await take(chunk);
  };
  const done = read();
  // Told by `write` or `end`, whichever comes next.
  done.catch(() => {});
  let taken = 0;
  return {
    write: async (piece) => {
      await new Promise<void>((resolve) => {
        // Behind its end the stream takes nothing, and says nothing: it is closed then, as it is where it fails.
        stream.once("close", resolve);
        stream.write(piece, () => {
          stream.off("close", resolve);
          resolve();
        });
      });
      if (stream.destroyed) await done;
      const used = stream.bytesWritten - taken;
      taken += piece.length;
      return piece.subarray(used);
    },
    end: async () => {
      stream.end();
      await done;
    },
  };
}
