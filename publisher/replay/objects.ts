/** Objects of the backup bucket: in the folder that stands for it on one machine, or in S3. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { Bucket, type BucketObject } from "../bucket/bucket";
import { timeInName } from "../bucket/time-in-name";
import { cannotRead } from "../errors";

export type StoredObject = BucketObject;

export interface ObjectStore {
  /** For people, and in front of keys where what was sent is noted. */
  readonly name: string;
  list(): AsyncIterable<StoredObject> | Iterable<StoredObject>;
  read(key: string): Promise<Buffer>;
}

/** A folder `<data>/s3`, or a bucket's folder below it. */
export function folderStore(folder: string): ObjectStore {
  function* walk(dir: string): Generator<StoredObject> {
    const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) yield* walk(path);
      else if (entry.isFile()) {
        const { size, mtimeMs } = statSync(path);
        const key = relative(folder, path).split(sep).join("/");
        yield { key, sizeBytes: size, timeMs: timeInName(key) ?? mtimeMs };
      }
    }
  }
  return {
    name: resolve(folder),
    *list() {
      try {
        yield* walk(folder);
      } catch (error) {
        throw cannotRead(folder, error);
      }
    },
    read: async (key) => readFileSync(join(folder, key)),
  };
}

/** Of a store that several streams write to, the objects of one: Firehose begins their names with the stream's. */
export const ofStream = (store: ObjectStore, stream: string): ObjectStore => ({
  ...store,
  async *list() {
    for await (const object of store.list()) {
      const name = object.key.slice(object.key.lastIndexOf("/") + 1);
      const isOwn = name.startsWith(`${stream}-`) && /^\d+-\d{4}-\d\d-/.test(name.slice(stream.length + 1));
      if (isOwn) yield object;
    }
  },
});

/** @param url `s3://bucket/prefix` */
export function bucketStore(url: string, region: string | undefined): ObjectStore {
  const bucket = Bucket.at(url, region);
  return {
    // Whatever the prefix was: marks hold for the bucket.
    name: `s3://${bucket.name}`,
    list: () => bucket.list(),
    read: (key) => bucket.bytes(key),
  };
}
