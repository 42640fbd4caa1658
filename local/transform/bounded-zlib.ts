/** Unpacking within the memory of a function: one native step of it could take all of the machine before anybody looks. */
import zlib from "node:zlib";

const unpacking = ["gunzip", "inflate", "inflateRaw", "unzip", "brotliDecompress", "zstdDecompress"];

type Unpack = (packed: unknown, options?: unknown, ...rest: unknown[]) => unknown;

/**
 * From now on nothing is unpacked into more bytes than this in one call: it is a RangeError of Node's own, as where the
 * caller had set `maxOutputLength`.
 */
export function boundUnpacking(mostBytes: number): void {
  const methods = zlib as unknown as Record<string, Unpack | undefined>;
  for (const name of unpacking.flatMap((base) => [base, `${base}Sync`])) {
    const method = methods[name];
    if (!method) continue;
    methods[name] = (packed, options, ...rest) => {
      // The options may be left out before the callback.
      if (typeof options === "function")
        return method(packed, { maxOutputLength: mostBytes }, options, ...rest);
      return method(packed, { maxOutputLength: mostBytes, ...(options as object | undefined) }, ...rest);
    };
  }
}
