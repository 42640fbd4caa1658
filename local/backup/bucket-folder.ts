/** A bucket as a folder of plain files, one per key. The only file that writes them. */
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { syncFolder } from "../sync-folder";

export class BucketFolder {
  constructor(readonly folder: string) {}

  /**
   * Writes an object; it is there whole and on disk, or not at all. The same key again replaces it.
   * @throws where the key would leave the folder, or the disk refuses
   */
  put(key: string, body: Uint8Array): void {
    const file = this.fileOf(key);
    const made = mkdirSync(dirname(file), { recursive: true });
    this.checkInside(dirname(file), key);
    const unfinished = `${file}.part`;
    rmSync(unfinished, { force: true });
    const descriptor = openSync(unfinished, writeButNoLink, 0o666);
    try {
      for (let at = 0; at < body.length; ) at += writeSync(descriptor, body, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, file);
    syncFolders(dirname(file), made === undefined ? dirname(file) : dirname(made));
  }

  /** Whether there is an object of this key. */
  has(key: string): boolean {
    return existsSync(this.fileOf(key));
  }

  /** A link that somebody has laid into the folder must not lead what is written out of it. */
  private checkInside(folder: string, key: string): void {
    const root = realpathSync(this.folder);
    const real = realpathSync(folder);
    if (real !== root && !real.startsWith(root + sep)) throw leavesFolder(key);
  }

  private fileOf(key: string): string {
    const root = resolve(this.folder);
    const file = resolve(root, key);
    if (!file.startsWith(root + sep) || key.includes("\0")) {
      throw leavesFolder(key);
    }
    return file;
  }
}

const { O_CREAT, O_TRUNC, O_WRONLY, O_NOFOLLOW = 0 } = constants;
const writeButNoLink = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;

const leavesFolder = (key: string): Error =>
  new Error(`The key ${JSON.stringify(key)} leaves the bucket folder.`);

/** A file's name is on disk when its folder is; the same holds for the names of new folders. From `folder` up to `top`. */
function syncFolders(folder: string, top: string): void {
  for (let at = folder; ; at = dirname(at)) {
    syncFolder(at);
    if (at === top) return;
  }
}
