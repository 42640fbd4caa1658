/** Lists what can be sent again, and sends it: every item ends as sent, as already sent, or as told why not. */

import { oneLine } from "../errors";
import { batchesOf, type PutBatch } from "../wire/put-batch";
import { type PutCall, type SendOptions, type Summary, sendAll } from "../wire/send";
import type { PutDocuments } from "./documents";
import { type Item } from "./failed-lines";
import { findItems, type ReplayOptions } from "./find-items";

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

/** Source records that are sent before they are noted. */
const notedAtOnce = 2000;

/** Sends object by object, and notes what was accepted as it goes: a crash repeats {@link notedAtOnce} records at the most. */
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
  const found = findItems(options, () => {
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
    const sources = fresh.filter(isSource);
    for (let from = 0; from < sources.length && !summary.stopped; from += notedAtOnce)
      mark(await sendSources(sources.slice(from, from + notedAtOnce), target, summary));
    if (summary.stopped) break;
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
