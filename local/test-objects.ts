/** Objects of a bucket folder, as a test reads them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";

export interface StoredObject {
  readonly key: string;
  /** Unpacked where it is gzip. */
  readonly text: string;
}

/** Finished objects of one stream, in the order of their keys. */
export async function storedObjects(folder: string, streamName: string): Promise<StoredObject[]> {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.startsWith(`${streamName}-1-`) && !entry.name.endsWith(".part"),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const bytes = readFileSync(file);
      const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      const text = (isGzip ? gunzipSync(bytes) : bytes).toString("utf8");
      return { key: relative(folder, file).split(sep).join("/"), text };
    });
}
