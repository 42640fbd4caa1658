/** Objects of the backup bucket: in the folder that stands for it on one machine, or in S3. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { cannotRead, wrongUsage } from "../errors";

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970: the time in the object's name, else its last change. */
  readonly timeMs: number;
}

export interface ObjectStore {
  /** For people, and in front of keys where what was sent is noted. */
  readonly name: string;
  list(): AsyncIterable<StoredObject> | Iterable<StoredObject>;
  read(key: string): Promise<Buffer>;
}

/** Time of the oldest record in a name like `web-1-2026-03-01-09-08-07-<uuid>`, in milliseconds since 1970. */
export function timeInKey(key: string): number | undefined {
  const match = /-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9a-f]{8}-/.exec(key);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
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
        yield { key, sizeBytes: size, timeMs: timeInKey(key) ?? mtimeMs };
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

/** @param url `s3://bucket/prefix` */
export function bucketStore(url: string, region: string | undefined): ObjectStore {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  if (bucket === "") throw wrongUsage("what to read", url, "s3://bucket or s3://bucket/prefix");
  const client = new S3Client(region ? { region } : {});
  async function* list(): AsyncGenerator<StoredObject> {
    let next: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(next && { ContinuationToken: next }),
        }),
      );
      for (const { Key, Size = 0, LastModified } of page.Contents ?? []) {
        if (Key)
          yield { key: Key, sizeBytes: Size, timeMs: timeInKey(Key) ?? LastModified?.getTime() ?? NaN };
      }
      next = page.NextContinuationToken;
    } while (next);
  }
  return {
    name: `s3://${bucket}`,
    async *list() {
      try {
        yield* list();
      } catch (error) {
        throw cannotRead(url, error);
      }
    },
    read: async (key) => {
      const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    },
  };
}
