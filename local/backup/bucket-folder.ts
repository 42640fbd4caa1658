/** A bucket as a folder of plain files, one per key. The only file that writes them. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";

export class BucketFolder {
  constructor(readonly folder: string) {}

  /**
   * Writes an object; it is there whole and on disk, or not at all. The same key again replaces it.
   * @throws where the key would leave the folder, or the disk refuses
   */
  put(key: string, body: Uint8Array): void {
    const file = this.fileOf(key);
    const made = mkdirSync(dirname(file), { recursive: true });
    const unfinished = `${file}.part`;
    const descriptor = openSync(unfinished, "w");
    try {
      for (let at = 0; at < body.length; ) at += writeSync(descriptor, body, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, file);
    syncFolders(dirname(file), made === undefined ? dirname(file) : dirname(made));
  }

  private fileOf(key: string): string {
    const root = resolve(this.folder);
    const file = resolve(root, key);
    if (!file.startsWith(root + sep) || key.includes("\0")) {
      throw new Error(`The key ${JSON.stringify(key)} leaves the bucket folder.`);
    }
    return file;
  }
}

/** A file's name is on disk when its folder is; the same holds for the names of new folders. From `folder` up to `top`. */
function syncFolders(folder: string, top: string): void {
  // Windows opens no folders; its file system writes names down by itself.
  if (process.platform === "win32") return;
  for (let at = folder; ; at = dirname(at)) {
    const descriptor = openSync(at, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (at === top) return;
  }
}
