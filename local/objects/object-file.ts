/** Objects as files below the folder of all buckets: where one is, and what tells its versions apart. */
import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { codeOf } from "../errors";

/** An object that is open: its bytes are those of this version, whatever becomes of the name. */
export interface OpenObject {
  readonly descriptor: number;
  readonly bytes: number;
  readonly etag: string;
}

const { O_RDONLY, O_NOFOLLOW = 0 } = constants;

/** @returns undefined where there is no such object, or its file lies elsewhere */
export function openObject(bucketsFolder: string, bucket: string, key: string): OpenObject | undefined {
  const file = fileOf(bucketsFolder, bucket, key);
  if (file === undefined || !isInside(bucketsFolder, bucket, dirname(file))) return undefined;
  let descriptor: number;
  try {
    descriptor = openSync(file, O_RDONLY | O_NOFOLLOW);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES"].includes(String(codeOf(error)))) return undefined;
    throw error;
  }
  const stats = fstatSync(descriptor, { bigint: true });
  if (!stats.isFile()) {
    closeSync(descriptor);
    return undefined;
  }
  return { descriptor, bytes: Number(stats.size), etag: etagOf(stats) };
}

/** Undefined for a bucket or key that cannot be a file of that folder. */
export function fileOf(bucketsFolder: string, bucket: string, key: string): string | undefined {
  const parts = key.split("/");
  const isName = (part: string): boolean =>
    part !== "" && part !== "." && part !== ".." && !part.includes("\0");
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(bucket) || !parts.every(isName)) return undefined;
  return join(bucketsFolder, bucket, ...parts);
}

/** A link that somebody has laid into a bucket leads nowhere else. */
function isInside(bucketsFolder: string, bucket: string, folder: string): boolean {
  try {
    const root = realpathSync(join(bucketsFolder, bucket));
    const real = realpathSync(folder);
    return real === root || real.startsWith(root + sep);
  } catch {
    return false;
  }
}

/**
 * Another one each time that the file is written, without reading it.
 * Differs from AWS: there it is often the MD5 of the bytes.
 */
export function etagOf({ size, mtimeNs, ino }: Pick<BigIntStats, "size" | "mtimeNs" | "ino">): string {
  return createHash("sha256").update(`${size} ${mtimeNs} ${ino}`).digest("hex").slice(0, 32);
}
