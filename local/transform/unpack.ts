/** Lays the archive of a function out in a folder of this run, as Lambda does before it starts the function. */
import { createWriteStream } from "node:fs";
import { copyFile, cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { outsideOfArchive } from "../errors";
import type { ArchivePart } from "../plan/plan";

export interface Unpacked {
  /** What is `/var/task` on Lambda. */
  readonly root: string;
  /** Further folders whose files are in the archive; they are not copied. */
  readonly linked: readonly string[];
}

/**
 * A folder that is the whole archive is taken where it lies; one that is a part is linked, as the packages of a program
 * are hundreds of MB. It is copied where something else lies in it: nothing is written through a link.
 * @param folder is emptied first
 */
export async function unpack(parts: readonly ArchivePart[], folder: string): Promise<Unpacked> {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "folder" && only.at === "") return { root: only.path, linked: [] };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const linked: string[] = [];
  for (const part of [...parts].sort((a, b) => a.at.length - b.at.length)) {
    const target = inside(folder, part.at);
    await mkdir(dirname(target), { recursive: true });
    const shared = parts.some((other) => other !== part && isBelow(other.at, part.at));
    if (part.kind === "folder" && !shared) {
      await symlink(part.path, target, "junction");
      linked.push(part.path);
    } else await place(part, target);
  }
  return { root: folder, linked };
}

const isBelow = (at: string, folder: string): boolean => folder === "" || at.startsWith(`${folder}/`);

async function place(part: ArchivePart, target: string): Promise<void> {
  switch (part.kind) {
    case "text":
      return writeFile(target, part.text);
    case "file":
      return copyFile(part.path, target);
    case "folder":
      return cp(part.path, target, { recursive: true, dereference: true });
    case "tar":
      await mkdir(target, { recursive: true });
      return (await import("tar")).extract({ file: part.path, cwd: target });
    case "zip":
      return unzip(part.path, target);
  }
}

async function unzip(file: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const { openPromise } = await import("yauzl");
  const zip = await openPromise(file);
  try {
    for await (const entry of zip.eachEntry()) {
      const path = inside(target, entry.fileName);
      if (entry.fileName.endsWith("/")) await mkdir(path, { recursive: true });
      else {
        await mkdir(dirname(path), { recursive: true });
        await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
      }
    }
  } finally {
    zip.close();
  }
}

/** @throws UserError for a name that leads out of the folder */
function inside(folder: string, name: string): string {
  const path = join(folder, name);
  const way = relative(folder, path);
  if (way === ".." || way.startsWith(`..${sep}`)) throw outsideOfArchive(name);
  return path;
}
