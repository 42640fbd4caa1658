/** Finds new objects in the folders of buckets: files that are there, and have stopped growing. */
import { type BigIntStats, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ObjectSourcePlan } from "../plan/plan";
import { etagOf } from "./object-file";

export interface FoundObject {
  readonly bucketName: string;
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
}

/** What is being written, and what programs lay beside their files. */
const isUnfinished = (name: string): boolean =>
  name.startsWith(".") || /\.(part|tmp|crdownload|swp)$|~$/.test(name);

export class ObjectFinder {
  /** Versions that the last search has seen for the first time, by bucket and key. */
  private candidates = new Map<string, string>();

  /** @param isKnown whether this version was found before */
  constructor(
    private readonly bucketsFolder: string,
    private readonly sources: readonly ObjectSourcePlan[],
    private readonly isKnown: (object: FoundObject) => boolean,
  ) {}

  /** New versions that are as they were at the search before: a file that is still written is not among them. */
  find(): FoundObject[] {
    const seen = new Map<string, string>();
    const found: FoundObject[] = [];
    for (const { bucketName, prefix } of this.sources) {
      for (const object of this.objectsOf(bucketName, prefix)) {
        if (this.isKnown(object)) continue;
        const place = `${bucketName}/${object.key}`;
        seen.set(place, object.etag);
        if (this.candidates.get(place) === object.etag) found.push(object);
      }
    }
    this.candidates = seen;
    return found;
  }

  private *objectsOf(bucketName: string, prefix: string): Generator<FoundObject> {
    const folders = [prefix.slice(0, prefix.lastIndexOf("/") + 1)];
    for (let start = folders.pop(); start !== undefined; start = folders.pop()) {
      const folder = join(this.bucketsFolder, bucketName, start);
      for (const entry of entriesOf(folder)) {
        const key = start + entry.name;
        const isAsked = key.startsWith(prefix) || (entry.isDirectory() && prefix.startsWith(`${key}/`));
        if (!isAsked || isUnfinished(entry.name)) continue;
        if (entry.isDirectory()) folders.push(`${key}/`);
        // A link is none: it may lead anywhere.
        const stats = entry.isFile() ? statsOf(join(folder, entry.name)) : undefined;
        if (stats) yield { bucketName, key, bytes: Number(stats.size), etag: etagOf(stats) };
      }
    }
  }
}

/** None where the folder has gone meanwhile. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function statsOf(file: string): BigIntStats | undefined {
  return lstatSync(file, { bigint: true, throwIfNoEntry: false });
}
