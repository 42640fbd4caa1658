/** What `--file` stands for where it names buckets, and which of all inputs are of the time that was asked for. */

import { Ahead, type Fetchable } from "./bucket/ahead";
import { Bucket, isBucketUrl } from "./bucket/bucket";
import { noObjects } from "./errors";
import { type Finding, findInputs, type Input } from "./records/find-inputs";

export interface Asked extends Finding {
  /** Region of the buckets. @default as the SDK finds it */
  readonly region?: string | undefined;
  /** Only what is of this time or later, milliseconds since 1970. @default all */
  readonly sinceMs?: number | undefined;
  /** Only what is before this time, milliseconds since 1970. @default all */
  readonly untilMs?: number | undefined;
  /** Key with which the first of the addresses begins. @default its first one */
  readonly from?: string | undefined;
}

/**
 * The inputs in order, each once: files and folders, standard input, and the objects of buckets by their keys. Objects
 * without a byte, such as the marks of folders, are left out. Throws where nothing that was named is there.
 */
export async function findAll(paths: readonly string[], asked: Asked): Promise<Input[]> {
  const found: Input[] = [];
  const objects: Fetchable[] = [];
  const ahead = new Ahead(objects);
  const taken = new Set<string>();
  for (const [place, group] of inGroups(paths).entries()) {
    if (isBucketUrl(group[0]!)) {
      const from = place === 0 ? asked.from : undefined;
      const inBucket = await objectsOf(group[0]!, { ...asked, from }, objects, ahead);
      found.push(...inBucket.filter(({ path }) => !taken.has(path)));
      for (const { path } of inBucket) taken.add(path);
    } else found.push(...findInputs(group, asked).filter((input) => isAsked(input.timeMs, asked)));
  }
  return found;
}

/** Files that follow each other are looked for together, so that each is found once. */
function inGroups(paths: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const path of paths) {
    const last = groups.at(-1);
    if (last && !isBucketUrl(path) && !isBucketUrl(last[0]!)) last.push(path);
    else groups.push([path]);
  }
  return groups;
}

async function objectsOf(url: string, asked: Asked, objects: Fetchable[], ahead: Ahead): Promise<Input[]> {
  const bucket = Bucket.at(url, asked.region);
  const inputs: Input[] = [];
  let seen = 0;
  for await (const { key, sizeBytes, timeMs } of bucket.list()) {
    seen++;
    if (sizeBytes === 0 || !isAsked(timeMs, asked)) continue;
    if (asked.from !== undefined && Buffer.compare(Buffer.from(key), Buffer.from(asked.from)) < 0) continue;
    const place = objects.push({ sizeBytes, read: () => bucket.read(key) }) - 1;
    let isFirst = true;
    const open = () => {
      // What is read once more, as its packing is damaged, is asked for once more.
      const chunks = isFirst ? ahead.read(place) : bucket.read(key);
      isFirst = false;
      return chunks;
    };
    inputs.push({ path: `s3://${bucket.name}/${key}`, sizeBytes, timeMs, open, in: { url, key } });
  }
  if (seen === 0) throw noObjects(url);
  return inputs;
}

/** What has no time, as standard input, is always asked for. */
const isAsked = (timeMs: number | undefined, { sinceMs, untilMs }: Asked): boolean =>
  timeMs === undefined ||
  ((sinceMs === undefined || timeMs >= sinceMs) && (untilMs === undefined || timeMs < untilMs));
