/** Looks through the objects of a bucket: source records, what was delivered, and failed records with their reasons. */
import { placeIn } from "../../record-batch";
import { type RecordTrail, seqOfDocument } from "../../record-trail";
import type { BackupExtent } from "../../rooms";
import type { BackupFolder, BackupObject } from "../backup-folder";
import type { Budget } from "./budget";
import { failedRecordsOf } from "./failed-lines";
import { bytesOf } from "./object-bytes";
import { newestObjects } from "./object-walk";
import { digestOf, excerpt, type ObjectName, type Traces } from "./trace";
import type { Wanted } from "./wanted";

/** A bucket of the stream. */
export interface Bucket {
  readonly name: string;
  readonly folder: BackupFolder;
  /** Whether it is the stream's destination: what is no failed record and no backup in it was delivered. */
  readonly isDestination: boolean;
}

export interface LookIn {
  readonly bucket: Bucket;
  readonly trail: RecordTrail | undefined;
  readonly wanted: Wanted;
  readonly traces: Traces;
  readonly budget: Budget;
  /** Start of the keys of failed records. */
  readonly failuresPrefix: string;
  /** Whether an object is one of the stream's. */
  isOurs(key: string): boolean;
}

export interface LookedInObjects {
  readonly objects: number;
  readonly bytes: number;
  /** Objects that are packed otherwise or damaged. */
  readonly unread: number;
  readonly all: boolean;
  /** Where to go on. */
  readonly next?: string;
  /** Those of the time, where no text was asked for. */
  readonly ofTime: readonly (ObjectName & BackupObject)[];
}

/** More of one object is not looked through. */
const maxObjectBytes = 64 * 1024 * 1024;
/** Objects of a time that are listed. */
const maxListed = 100;

/** Source records and what was delivered. @param resume goes on behind this key */
export async function lookInRecords(look: LookIn, resume?: string): Promise<LookedInObjects> {
  const { bucket, wanted, budget, traces } = look;
  const looked = { objects: 0, bytes: 0, unread: 0 };
  const ofTime: (ObjectName & BackupObject)[] = [];
  let last = resume;
  for await (const object of newestObjects(bucket.folder, "", resume)) {
    const isFull = wanted.needle ? traces.isFull : ofTime.length >= maxListed;
    if (budget.isSpent || isFull) return { ...looked, all: false, ...(last && { next: last }), ofTime };
    await budget.breathe();
    last = object.key;
    const isFailure = look.failuresPrefix !== "" && object.key.startsWith(look.failuresPrefix);
    if (isFailure || !look.isOurs(object.key) || !wanted.isOfTime(startOf(object), object.modifiedMs))
      continue;
    if (!wanted.needle) {
      ofTime.push({ bucket: bucket.name, ...object });
      continue;
    }
    const content = await bytesOf(bucket.folder, object, maxObjectBytes);
    looked.objects += 1;
    if (content === undefined || content.cut) looked.unread += 1;
    if (content === undefined) continue;
    looked.bytes += content.bytes.length;
    budget.bytes += content.bytes.length;
    if (failedRecordsOf(content.bytes) === undefined) await lookInObject(look, object, content);
  }
  return { ...looked, all: looked.unread === 0, ofTime };
}

async function lookInObject(
  { bucket, trail, wanted, traces, budget }: LookIn,
  object: BackupObject,
  { bytes, cut }: { readonly bytes: Buffer; readonly cut: boolean },
): Promise<void> {
  const { key } = object;
  const extent = trail?.backupOf(key);
  const arrived = [startOf(object), object.modifiedMs] as const;
  let ends: number[] | undefined;
  let known: number[] | undefined;
  let last = -1;
  for (const places of wanted.needle!.places(bytes)) {
    for (const offset of places) {
      known ??= extent && !cut ? endsIn(bytes, extent) : undefined;
      ends ??= known ?? lineEnds(bytes);
      const at = placeIn(ends, offset);
      if (at === last) continue;
      last = at;
      const start = at === 0 ? 0 : ends[at - 1]!;
      const record = bytes.subarray(start, ends[at]);
      const where = { bucket: bucket.name, key };
      const added = traces.add({
        ...(known && extent && { seq: extent.firstSeq + at, digest: digestOf(record) }),
        source: excerpt(record, offset - start),
        arrived,
        ...(bucket.isDestination && extent === undefined ? { delivered: where } : { object: where }),
      });
      if (!added) return;
    }
    await budget.breathe();
  }
}

/** Failed records that are wanted, and those of records that were found elsewhere. */
export async function lookInFailures(look: LookIn): Promise<LookedInObjects> {
  const { bucket, trail, wanted, traces, budget } = look;
  const looked = { objects: 0, bytes: 0, unread: 0 };
  const ofTime: [] = [];
  for await (const object of newestObjects(bucket.folder, look.failuresPrefix)) {
    if (budget.isSpent) return { ...looked, all: false, ofTime };
    await budget.breathe();
    if (!look.isOurs(object.key)) continue;
    const content = await bytesOf(bucket.folder, object, maxObjectBytes);
    const records = content && failedRecordsOf(content.bytes);
    if (content === undefined || content.cut) looked.unread += 1;
    if (!content || !records) continue;
    looked.objects += 1;
    looked.bytes += content.bytes.length;
    budget.bytes += content.bytes.length;
    for (const { id, data, arrivalMs, errorCode, errorMessage, reason } of records) {
      const seq = id === undefined || !trail ? undefined : seqOfDocument(trail, id);
      // Of a document that was refused these are the document's bytes, not the record's.
      const digest = id === undefined ? digestOf(data) : undefined;
      const isKnown = traces.list.some(
        (one) =>
          (seq !== undefined && one.seq === seq) ||
          (digest !== undefined && one.digest === digest && !one.failure && !one.document),
      );
      const isWanted = wanted.isOfTime(arrivalMs) && (wanted.needle?.isIn(data) ?? true);
      if (!isKnown && !isWanted) continue;
      const place = { bucket: bucket.name, key: object.key };
      const why = { errorCode, errorMessage, ...(reason !== undefined && { reason }) };
      const added = traces.add({
        seq,
        digest,
        arrived: [arrivalMs, arrivalMs],
        failure: { ...place, ...why, data: excerpt(data) },
      });
      if (!added) return { ...looked, all: false, ofTime };
    }
  }
  return { ...looked, all: looked.unread === 0, ofTime };
}

/** Arrival of an object's first record, as its key tells it; a key of another kind may be of any time. */
export function startOf({ key }: { readonly key: string }): number {
  const time = /-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9a-f-]{36}/.exec(key)?.slice(1).map(Number);
  if (!time) return Number.NEGATIVE_INFINITY;
  const [year, month, day, ...clock] = time as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, ...clock);
}

/** Where each record ends in its object; undefined where that cannot be told, such as where a damaged disk took some. */
export function endsIn(bytes: Buffer, { firstSeq, lastSeq, lengths }: BackupExtent): number[] | undefined {
  const ends = lengths ? endsOf(lengths) : lineEnds(bytes);
  return ends.length === lastSeq - firstSeq + 1 && ends.at(-1) === bytes.length ? ends : undefined;
}

function endsOf(lengths: Uint8Array): number[] {
  const view = new DataView(lengths.buffer, lengths.byteOffset, lengths.byteLength);
  let end = 0;
  return Array.from({ length: lengths.length / 4 }, (_, at) => {
    end += view.getUint32(at * 4, true);
    return end;
  });
}

function lineEnds(bytes: Buffer): number[] {
  const newline = 10;
  const ends: number[] = [];
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, end + 1)) ends.push(end + 1);
  if (ends.at(-1) !== bytes.length) ends.push(bytes.length);
  return ends;
}
