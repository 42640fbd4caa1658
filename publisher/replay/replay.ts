/** Lists what can be sent again, and sends it: every item ends as sent, as already sent, or as told why not. */

import { oneLine } from "../errors";
import { batchesOf, type PutBatch } from "../wire/put-batch";
import { type PutCall, type SendOptions, type Summary, sendAll } from "../wire/send";
import type { PutDocuments } from "./documents";
import { errorKindOfKey, type Item } from "./failed-lines";
import { itemsOf } from "./items";
import type { Marks } from "./marks";
import type { ObjectStore, StoredObject } from "./objects";
import { type Selection, selects } from "./selection";

export interface ReplayOptions {
  readonly store: ObjectStore;
  readonly marks: Marks;
  readonly selection: Selection;
  /** Read backups too, and not only failed records. */
  readonly backups: boolean;
  /** Send also what was sent before. */
  readonly again: boolean;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** What is there, by reason and hour. */
export interface Group {
  readonly reason: string;
  readonly kind: Item["kind"];
  /** `2026-03-01T09` (UTC). */
  readonly hour: string;
  records: number;
  bytes: number;
  /** Records that were sent again before. */
  alreadySent: number;
  /** The message of one of them. */
  readonly example: string;
}

/** Items of an object that are selected. */
interface Found {
  readonly object: StoredObject;
  /** Store and key: what marks are kept under. */
  readonly id: string;
  readonly items: readonly Item[];
}

async function* find(
  { store, selection, backups, say, signal }: ReplayOptions,
  unread: () => void = () => {},
): AsyncGenerator<Found> {
  for await (const object of store.list()) {
    if (signal?.aborted) return;
    const isBackup = errorKindOfKey(object.key) === undefined;
    if (isBackup && !backups) continue;
    // The object's time is that of its oldest record; a backup has no other.
    if (object.timeMs >= (selection.untilMs ?? Infinity)) continue;
    if (isBackup && object.timeMs < (selection.sinceMs ?? -Infinity)) continue;
    try {
      const { items, problems } = itemsOf(object, await store.read(object.key));
      for (const problem of problems) say(`${object.key}: ${problem}`);
      yield {
        object,
        id: `${store.name}/${object.key}`,
        items: items.filter((item) => selects(selection, item)),
      };
    } catch (error) {
      say(`${object.key}: ${oneLine(error)}; left out`);
      unread();
    }
  }
}

export async function listGroups(options: ReplayOptions): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for await (const { id, items } of find(options)) {
    for (const { reason, kind, arrivalMs, bytes, message, position } of items) {
      const hour = Number.isNaN(arrivalMs) ? "unknown" : new Date(arrivalMs).toISOString().slice(0, 13);
      const key = `${reason} ${kind} ${hour}`;
      const group = groups.get(key) ?? {
        reason,
        kind,
        hour,
        records: 0,
        bytes: 0,
        alreadySent: 0,
        example: message,
      };
      group.records++;
      group.bytes += bytes.length;
      if (options.marks.has(id, position)) group.alreadySent++;
      groups.set(key, group);
    }
  }
  return [...groups.values()].sort((a, b) => (`${a.hour} ${a.reason}` < `${b.hour} ${b.reason}` ? -1 : 1));
}

export interface ReplayTarget {
  /** Takes source records, through the transform. */
  readonly put: PutCall;
  readonly send: SendOptions;
  /** Takes documents; undefined: they are not sent. */
  readonly putDocuments?: PutDocuments;
  /** Send documents as if they were source records. */
  readonly throughTransform: boolean;
}

export interface ReplaySummary {
  /** Source records that the stream accepted. */
  sent: number;
  /** Documents that the domain took. */
  indexed: number;
  /** Documents that were there already. */
  alreadyThere: number;
  /** Items that an earlier run has sent. */
  alreadySent: number;
  /** Items that were not accepted; another run tries them again. */
  notAccepted: number;
  /** Documents among these that were refused as they are, and will be again. */
  refused: number;
  /** Documents for which no way was named. */
  leftOut: number;
  /** Objects that could not be read. */
  unread: number;
  /** Records of lost answers, sent again: at most so many may be there twice. */
  possibleDuplicates: number;
  /** Why it ended early. */
  stopped?: string;
}

/** Sends object by object, and notes what was accepted after each: a crash repeats one object at the most. */
export async function replay(options: ReplayOptions, target: ReplayTarget): Promise<ReplaySummary> {
  const summary: ReplaySummary = {
    sent: 0,
    indexed: 0,
    alreadyThere: 0,
    alreadySent: 0,
    notAccepted: 0,
    refused: 0,
    leftOut: 0,
    unread: 0,
    possibleDuplicates: 0,
  };
  const found = find(options, () => {
    summary.unread++;
  });
  for await (const { id, items } of found) {
    const fresh = options.again ? items : items.filter(({ position }) => !options.marks.has(id, position));
    summary.alreadySent += items.length - fresh.length;
    const isSource = ({ kind }: Item) => kind === "source" || target.throughTransform;
    const mark = (done: readonly Item[]) =>
      options.marks.mark(
        id,
        done.map(({ position }) => position),
      );
    mark(await sendSources(fresh.filter(isSource), target, summary));
    mark(
      await sendDocuments(
        fresh.filter((item) => !isSource(item)),
        target,
        summary,
        options.say,
      ),
    );
    if (summary.stopped) break;
  }
  return summary;
}

/** Gives the items that were accepted. */
async function sendSources(
  items: readonly Item[],
  target: ReplayTarget,
  summary: ReplaySummary,
): Promise<Item[]> {
  if (items.length === 0) return [];
  const unsent = new Set<Uint8Array>();
  const keep = (batch: PutBatch) => {
    for (let n = 0; n < batch.count; n++) unsent.add(batch.record(n));
  };
  const refuse = (record: Uint8Array) => unsent.add(record);
  const result: Summary = await sendAll(
    target.put,
    batchesOf(
      items.map(({ bytes }) => bytes),
      refuse,
    ),
    {
      ...target.send,
      onUnsent: keep,
    },
  );
  const accepted = items.filter(({ bytes }) => !unsent.has(bytes));
  summary.sent += accepted.length;
  summary.notAccepted += items.length - accepted.length;
  summary.possibleDuplicates += result.possibleDuplicates;
  if (result.stopped) summary.stopped = result.stopped;
  return accepted;
}

async function sendDocuments(
  items: readonly Item[],
  { putDocuments }: ReplayTarget,
  summary: ReplaySummary,
  say: (text: string) => void,
): Promise<Item[]> {
  if (putDocuments === undefined) {
    summary.leftOut += items.length;
    return [];
  }
  const known = items.filter(({ indexName }) => indexName !== undefined);
  summary.leftOut += items.length - known.length;
  try {
    const outcomes = await putDocuments(known);
    const refused = outcomes.filter((outcome) => typeof outcome === "object");
    for (const reason of new Set(refused.map((outcome) => outcome.refused))) say(`refused again: ${reason}`);
    summary.indexed += outcomes.filter((outcome) => outcome === "indexed").length;
    summary.alreadyThere += outcomes.filter((outcome) => outcome === "already there").length;
    summary.notAccepted += refused.length;
    summary.refused += refused.length;
    return known.filter((_, n) => typeof outcomes[n] !== "object");
  } catch (error) {
    summary.notAccepted += known.length;
    summary.stopped = oneLine(error);
    return [];
  }
}
