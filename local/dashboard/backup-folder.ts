/** Reads the bucket's folder. A key is data from outside: it never leads out of the folder. */
import { createReadStream, type Dirent, type ReadStream } from "node:fs";
import { opendir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { createGunzip } from "node:zlib";
import { RequestProblem } from "./answers";

export interface BackupObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** One level of the bucket, as S3 lists it with the delimiter "/". */
export interface BackupListing {
  /** Such as `raw/2026/`. */
  readonly prefix: string;
  /** Prefixes one level below. */
  readonly folders: readonly string[];
  readonly objects: readonly BackupObject[];
  /** Objects and folders that did not fit into the answer. */
  readonly more: number;
  /** With it as `before` the next ones are listed; only where there are more. */
  readonly next?: string;
}

export interface BackupPreview extends BackupObject {
  /** Start of the object as text, uncompressed. */
  readonly text: string;
  /** Whether `text` is not all of it. */
  readonly truncated: boolean;
  readonly compressed: boolean;
}

const maxListed = 1_000;
const previewBytes = 64 * 1024;

export class BackupFolder {
  constructor(private readonly root: string) {}

  /**
   * Newest names first: keys begin with their time, and the newest are what one looks for. With `before`, a key or
   * folder, those that come behind it.
   */
  async list(prefix: string, before?: string): Promise<BackupListing> {
    if (prefix !== "" && !prefix.endsWith("/")) {
      throw new RequestProblem(
        400,
        `prefix is ${JSON.stringify(prefix)}, allowed is a folder that ends with "/"`,
      );
    }
    if (before !== undefined && !before.startsWith(prefix)) {
      const allowed = `a key or folder of ${JSON.stringify(prefix)}, such as "next" of the answer before`;
      throw new RequestProblem(400, `before is ${JSON.stringify(before)}, allowed is ${allowed}`);
    }
    const folder = await this.pathOf(prefix.slice(0, -1)).catch((error) => {
      // Before the first object there is no folder, and an empty bucket is no mistake.
      if (prefix === "" && error instanceof RequestProblem) return undefined;
      throw error;
    });
    const below = before?.slice(prefix.length).replace(/\/$/, "");
    const { shown, more } =
      folder === undefined ? { shown: [], more: 0 } : await newestNames(folder, prefix, below);
    const objects = shown
      .filter((entry) => entry.isFile())
      .map((entry) => this.describe(prefix + entry.name));
    return {
      prefix,
      folders: shown.filter((entry) => entry.isDirectory()).map((entry) => `${prefix}${entry.name}/`),
      objects: await Promise.all(objects),
      more,
      ...(more === 0 ? {} : { next: prefix + shown.at(-1)!.name }),
    };
  }

  /** The first 64 KiB, uncompressed: reading stops there, so that a small file cannot swell without end. */
  async preview(key: string): Promise<BackupPreview> {
    const described = await this.describe(key);
    const compressed = key.endsWith(".gz");
    const source = createReadStream(await this.pathOf(key));
    const { bytes, truncated } = await readStart(source, compressed);
    return { ...described, text: bytes.toString("utf8"), truncated, compressed };
  }

  /** The object as it is, for a download. */
  async open(key: string): Promise<{ object: BackupObject; stream: ReadStream }> {
    return { object: await this.describe(key), stream: createReadStream(await this.pathOf(key)) };
  }

  private async describe(key: string): Promise<BackupObject> {
    const found = await stat(await this.pathOf(key));
    if (!found.isFile()) throw notThere(key);
    return { key, bytes: found.size, modifiedMs: Math.floor(found.mtimeMs) };
  }

  /** Path of a key, links followed; a 404 where it is not there or not inside the folder. */
  private async pathOf(key: string): Promise<string> {
    const parts = key === "" ? [] : key.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part))) {
      throw new RequestProblem(400, `${JSON.stringify(key)} is no key of this bucket`);
    }
    try {
      const root = await realpath(this.root);
      const path = await realpath(join(root, ...parts));
      if (path === root || path.startsWith(root + sep)) return path;
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
    throw notThere(key);
  }
}

/** Name by name: a folder may have more of them than there is memory for. */
async function newestNames(
  folder: string,
  prefix: string,
  below: string | undefined,
): Promise<{ shown: Dirent[]; more: number }> {
  const newest = (entries: Dirent[]) =>
    entries.sort((a, b) => (a.name < b.name ? 1 : -1)).slice(0, maxListed);
  let kept: Dirent[] = [];
  let count = 0;
  try {
    for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
      if (below !== undefined && entry.name >= below) continue;
      count++;
      kept.push(entry);
      if (kept.length === 2 * maxListed) kept = newest(kept);
    }
  } catch (error) {
    if (isAbsence(error)) throw notThere(prefix);
    throw error;
  }
  const shown = newest(kept);
  return { shown, more: count - shown.length };
}

async function readStart(
  source: ReadStream,
  gunzip: boolean,
): Promise<{ bytes: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  const unpacked = gunzip ? source.pipe(createGunzip()) : source;
  if (gunzip) source.on("error", (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > previewBytes) break;
    }
  } catch (error) {
    throw new RequestProblem(
      422,
      `The object cannot be read: ${(error as Error).message}; download it instead`,
    );
  } finally {
    source.destroy();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, previewBytes), truncated: length > previewBytes };
}

function notThere(key: string): RequestProblem {
  return new RequestProblem(404, `There is no object ${JSON.stringify(key)} in the bucket`);
}

function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "ELOOP";
}
