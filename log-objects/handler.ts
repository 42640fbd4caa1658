/**
 * The function that sends the objects of log buckets into the stream: one event of S3 at a time, the object read as a
 * stream, its records put in exact batches.
 */
import type { LogObject, ObjectCreated, QueueContext, QueueEvent } from "./events";
import { createNotes, type Progress } from "./notes";
import { createReadRecords } from "./read-records";
import { createSender } from "./send-records";
import { createStore, statusOf } from "./store";

/**
 * Reads the environment variables DELIVERY_STREAM_NAME, NOTES_BUCKET, QUEUE_URL, FAILED_QUEUE_URL and
 * BYTES_PER_SECOND (what one function may send). FIRST a note says that this version of the object is ours; THEN its
 * records are sent from where an earlier call ended; THEN the note says that it is done. A call whose time ends notes how
 * far it came and puts the event into the queue again. What can never be read goes into the queue of failed events, with
 * the reason.
 */
export const logObjectsFactory = () => {
  const { QUEUE_URL = "", FAILED_QUEUE_URL = "" } = process.env;
  const store = createStore();
  const notes = createNotes(store);
  const send = createSender();
  const readRecords = createReadRecords(store);
  const whyNever = createWhyNever();
  const { parse, stringify } = JSON;
  const { min, max, ceil } = Math;
  /** What is left of the call's time when it stops reading. */
  const reserveMs = 30_000;
  const maxDelaySeconds = 900;

  const work = async (body: string, event: ObjectCreated, object: LogObject, endMs: number) => {
    const startMs = Date.now();
    const begun = await notes.begin(object, startMs, endMs - startMs);
    if (begun.state === "done") return;
    if (begun.state === "taken") {
      // Should that call end early, this message finds the object again.
      const delay = ceil((begun.untilMs - startMs) / 1000) + 1;
      return store.tell(QUEUE_URL, body, min(maxDelaySeconds, max(1, delay)));
    }
    const sent = createProgress(begun);
    const stopMs = endMs - reserveMs;
    const keep = (isDone: boolean) => notes.keep(object, { ...sent.noted(), untilMs: 0, isDone });
    const fail = (reason: string) =>
      store.tell(FAILED_QUEUE_URL, stringify({ ...event, reason, recordsSent: sent.count() }), 0);
    try {
      const { isWhole, tooLong } = await readRecords(object, sent.has, async (records) => {
        const taken = records.map(() => false);
        try {
          await send(
            records.map(({ data }) => data),
            taken,
            stopMs,
          );
        } finally {
          sent.add(records.filter((_, i) => taken[i]).map(({ place }) => place));
        }
        return Date.now() < stopMs;
      });
      await keep(isWhole);
      if (!isWhole) return store.tell(QUEUE_URL, body, 0);
      if (tooLong > 0)
        await fail(`${tooLong} of its records are longer than a record may be, and are left out`);
      console.log(stringify({ logObject: { ...object, records: sent.count() } }));
    } catch (error) {
      // Written anew since: the event of the new version brings what is there now.
      if (isOther(error)) return keep(true);
      await keep(false);
      const reason = whyNever(error);
      // Else the queue brings the event again, and gives it up after some times.
      if (reason === undefined) throw error;
      await fail(reason);
    }
  };

  return async (event: QueueEvent, context: QueueContext): Promise<void> => {
    const endMs = Date.now() + context.getRemainingTimeInMillis();
    for (const { body } of event.Records) {
      const created = parse(body) as ObjectCreated;
      const object = objectOf(created);
      if (object) await work(body, created, object, endMs);
    }
  };
};

/** Which records the stream has taken: all up to one, and some behind it where a call was taken in part. */
function createProgress({ records, also = [] }: Progress) {
  const behind = new Set(also);
  let first = records;
  return {
    has: (place: number): boolean => place < first || behind.has(place),
    add: (places: readonly number[]): void => {
      for (const place of places) behind.add(place);
      while (behind.delete(first)) first++;
    },
    count: (): number => first + behind.size,
    noted: (): Progress => ({ records: first, ...(behind.size > 0 ? { also: [...behind] } : {}) }),
  };
}

/** The object of an event; undefined where it is no log: other events, marks of folders, CloudTrail's digests. */
const objectOf = (event: ObjectCreated): LogObject | undefined => {
  const { key, etag, "version-id": versionId } = event.detail.object;
  if (event["detail-type"] !== "Object Created" || key.endsWith("/")) return undefined;
  if (key.includes("_CloudTrail-Digest_")) return undefined;
  return {
    bucket: event.detail.bucket.name,
    key,
    ...(etag ? { etag: `"${etag}"` } : {}),
    ...(versionId ? { versionId } : {}),
  };
};

const isOther = (error: unknown): boolean => statusOf(error) === 412;

/** @returns why an object can never be read; undefined where trying again may help */
function createWhyNever() {
  const refused = [400, 403, 404, 416];
  return (error: unknown): string | undefined => {
    const { name, message, code } = error as Error & { code?: string };
    const isRefused = refused.includes(statusOf(error));
    const isDamaged = code?.startsWith("Z_") || code?.startsWith("ZSTD_") || code === "UNREADABLE";
    return isRefused || isDamaged ? `${name}: ${message}` : undefined;
  };
}
