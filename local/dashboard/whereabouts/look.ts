/** Where records are that have a text or came at a time: in index, queue, backup and failed records at once. */
import { indexNameAt } from "../../../firehose/index-rotation";
import { isSearchStream, type StreamPlan } from "../../plan/plan";
import { recordIdOf, seqOfRecordId } from "../../record-id";
import { type RecordTrail, seqOfDocument } from "../../record-trail";
import type { Searcher } from "../../rooms";
import type { PipelineStatus } from "../../status";
import type { Budget } from "./budget";
import { type LookedInIndex, lookForDocuments, lookInIndex } from "./look-in-index";
import {
  type Bucket,
  type LookedInObjects,
  type LookIn,
  lookInFailures,
  lookInRecords,
} from "./look-in-objects";
import { type LookedInQueue, lookInQueue } from "./look-in-queue";
import { lookUp } from "./look-up";
import { type Trace, Traces } from "./trace";
import { type Known, type Verdict, verdictOn } from "./verdict";
import { Wanted, type WantedOptions } from "./wanted";

/** What of a stream is looked through. */
export interface LookedThrough {
  readonly plan: StreamPlan;
  readonly searcher: Searcher;
  /** Undefined: nothing tells of single records. */
  readonly trail: RecordTrail | undefined;
  status(): PipelineStatus;
  /** The one of the failed records first. */
  readonly buckets: readonly Bucket[];
}

export interface LookOptions extends WantedOptions {
  /** Records of the answer at most. */
  readonly size: number;
  /** Goes on behind this object of the first bucket. */
  readonly before?: string;
}

export interface FoundRecord extends Verdict, Omit<Trace, "digest"> {
  readonly stream: string;
  /** As PutRecord answered it. */
  readonly recordId?: string;
}

export interface Whereabouts {
  readonly stream: string;
  readonly records: readonly FoundRecord[];
  readonly looked: {
    readonly index: LookedInIndex;
    readonly queue: LookedInQueue;
    readonly failed: LookedInObjects;
    readonly backup: LookedInObjects;
  };
}

/** Of the time and bytes that are left, for the objects of records; the rest is for the failed ones. */
const shareOfRecords = 0.6;

export async function look(
  through: LookedThrough,
  options: LookOptions,
  budget: Budget,
): Promise<Whereabouts> {
  const { plan, searcher, trail, buckets } = through;
  const traces = new Traces(options.size);
  const wanted = new Wanted(options);
  const { deliveryStreamName: stream } = plan;
  const look = { trail, wanted, traces, isOurs: isObjectOf(stream), failuresPrefix: startOfFailures(plan) };
  const found = await budget.within(shareOfRecords, (part) =>
    lookForRecords(through, options, { ...look, budget: part }),
  );
  const allDocuments = await lookForDocuments({ searcher, trail, traces, budget });
  const failed = await lookInFailures({ ...look, bucket: buckets[0]!, budget });
  const known = { ...(await knownOf(through, budget)), allFailures: failed.all, allDocuments };
  return {
    stream,
    records: traces.list.map((trace) => foundRecord(trace, through, known)),
    looked: { ...found, failed },
  };
}

/** An id names one record. */
async function lookForRecords(
  { plan, searcher, trail, buckets }: LookedThrough,
  { text, fromMs, toMs, before }: LookOptions,
  look: Omit<LookIn, "bucket">,
): Promise<Omit<Whereabouts["looked"], "failed">> {
  const { traces, wanted, budget } = look;
  const seq = trail && (seqOfRecordId(text) ?? seqOfDocument(trail, text));
  if (trail && seq !== undefined) {
    await lookUp(trail, seq, traces, buckets);
    return { index: nothing.index, queue: nothing.queue, backup: nothing.objects };
  }
  const time = { ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) };
  const index = isSearchStream(plan)
    ? await lookInIndex({ searcher, trail, traces, budget }, { text, ...time })
    : nothing.index;
  const queue = trail ? await lookInQueue(trail, wanted, traces, budget) : nothing.queue;
  return { index, queue, backup: await lookInBuckets(look, buckets, before) };
}

const nothing: { index: LookedInIndex; queue: LookedInQueue; objects: LookedInObjects } = {
  index: { total: 0, all: true },
  queue: { records: 0, all: true },
  objects: { objects: 0, bytes: 0, unread: 0, all: true, ofTime: [] },
};

/** One after another; where to go on is told for the first one alone. */
async function lookInBuckets(
  look: Omit<LookIn, "bucket">,
  buckets: readonly Bucket[],
  before: string | undefined,
): Promise<LookedInObjects> {
  const all: LookedInObjects[] = [];
  for (const [place, bucket] of buckets.entries())
    all.push(await lookInRecords({ ...look, bucket }, place === 0 ? before : undefined));
  const sum = (of: (one: LookedInObjects) => number): number => all.reduce((n, one) => n + of(one), 0);
  const { next } = all[0]!;
  return {
    objects: sum(({ objects }) => objects),
    bytes: sum(({ bytes }) => bytes),
    unread: sum(({ unread }) => unread),
    all: all.every((one) => one.all),
    ...(next !== undefined && { next }),
    ofTime: all.flatMap(({ ofTime }) => ofTime),
  };
}

/** Streams may share a bucket; the names of objects begin with the stream's. */
function isObjectOf(stream: string): (key: string) => boolean {
  const start = `${stream}-1-`;
  return (key) => key.startsWith(start, key.lastIndexOf("/") + 1);
}

/** The folder that all failed records are below. */
function startOfFailures(plan: StreamPlan): string {
  const { errorOutputPrefix } = isSearchStream(plan) ? plan.backup : plan.destination;
  const fixed = errorOutputPrefix.split("!{")[0]!;
  return fixed.slice(0, fixed.lastIndexOf("/") + 1);
}

async function knownOf(
  { plan, searcher, trail, status }: LookedThrough,
  budget: Budget,
): Promise<Omit<Known, "allFailures" | "allDocuments">> {
  const { dropped, lost } = status();
  const indices = isSearchStream(plan) ? await searcher.indices(budget.patience) : [];
  const names = new Set(indices.map((one) => one.index));
  return {
    settledThrough: trail?.settledThrough,
    dropped,
    lost,
    hasOwnIds: trail?.hasOwnIds ?? false,
    isSearched: isSearchStream(plan),
    lacksIndexOf: ({ arrived }) => {
      if (!arrived?.every(Number.isFinite) || !isSearchStream(plan)) return undefined;
      const { indexName, indexRotationPeriod } = plan.destination;
      return arrived.some((ms) => !names.has(indexNameAt(indexName, indexRotationPeriod, ms)));
    },
  };
}

function foundRecord(trace: Trace, { plan, trail, buckets }: LookedThrough, known: Known): FoundRecord {
  const { digest: _, ...shown } = trace;
  const { seq, object } = trace;
  const inBackup = seq === undefined || object !== undefined ? undefined : trail?.backupWith(seq);
  const isThere = inBackup && { bucket: buckets.at(-1)!.name, key: inBackup.key };
  return {
    stream: plan.deliveryStreamName,
    ...verdictOn(trace, known),
    ...shown,
    ...(isThere && { object: isThere }),
    ...(seq !== undefined && { recordId: recordIdOf(seq) }),
  };
}
