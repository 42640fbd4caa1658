/**
 * The function that sends the objects of log buckets into the stream: one event of S3 at a time, the object read as a
 * stream, its records put in exact batches.
 */
import {
  isDamaged,
  type LogObject,
  type ObjectCreated,
  objectOf,
  type QueueContext,
  type QueueEvent,
} from "./events";
import { createNotes } from "./notes";
import { createProgress, type Taken } from "./progress";
import { createReadRecords, type Reader } from "./read-records";
import { createSender } from "./send-records";
import { createStore, mayPass, statusOf } from "./store";

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
  const readRecords = createReadRecords(store);
  const readerOf = createReaders();
  const { parse, stringify } = JSON;
  const { min, max, ceil } = Math;
  const tooLongWay =
    "a call's time ends before the next of its records is reached; send what is left with npm run publish -- --file s3://bucket/key";
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
    const countBefore = sent.count();
    const keep = (isDone: boolean) => notes.keep(object, { ...sent.noted(), untilMs: 0, isDone });
    const fail = (reason: string) =>
      store.tell(FAILED_QUEUE_URL, stringify({ ...event, reason, recordsSent: sent.count() }), 0);
    try {
      const { isWhole, tooLong } = await readRecords(object, readerOf(sent, endMs));
      await keep(isWhole);
      if (!isWhole) {
        // Each further call would get as far as this one.
        if (sent.count() === countBefore) return fail(tooLongWay);
        return store.tell(QUEUE_URL, body, 0);
      }
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

  /** What is no event of S3 is told as what it is; it would only come again. */
  const readEvent = async (body: string) => {
    try {
      const event = parse(body) as ObjectCreated;
      return { event, object: objectOf(event) };
    } catch (error) {
      await store.tell(FAILED_QUEUE_URL, stringify({ message: body, reason: String(error) }), 0);
      return undefined;
    }
  };

  return async (event: QueueEvent, context: QueueContext): Promise<void> => {
    const endMs = Date.now() + context.getRemainingTimeInMillis();
    for (const { body } of event.Records) {
      const read = await readEvent(body);
      if (read?.object) await work(body, read.event, read.object, endMs);
    }
  };
};

/** @returns who sends the records of an object that are not taken, until a call's time ends */
function createReaders() {
  const send = createSender();
  /** What is left of the call's time when it stops sending. */
  const reserveMs = 30_000;
  return (sent: Taken, endMs: number): Reader => ({
    from: sent.start(),
    isTaken: sent.has,
    mayGoOn: () => Date.now() < endMs - reserveMs / 2,
    take: async (records, isPacked) => {
      const stopMs = endMs - reserveMs;
      const taken = records.map(() => false);
      const data = records.map((record) => record.data);
      try {
        await send(data, taken, stopMs);
      } finally {
        const done = records.filter((_, i) => taken[i]);
        sent.add(done, isPacked);
      }
      return Date.now() < stopMs;
    },
  });
}

const isOther = (error: unknown): boolean => statusOf(error) === 412;

/** @returns why an object can never be read; undefined where trying again may help */
const whyNever = (error: unknown): string | undefined => {
  const { name, message } = error as Error;
  return !mayPass(error) || isDamaged(error) ? `${name}: ${message}` : undefined;
};
