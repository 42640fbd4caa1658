/** The files of the streams, opened, and what is built on them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BucketFolder } from "./backup/bucket-folder";
import { Queue } from "./buffer/queue";
import { prepareDataFolder, prepareStreamFolder } from "./data-folder";
import { BucketLedger } from "./deliver/bucket-ledger";
import { cannotOpen, folderInUse, otherDestination, sqliteCode } from "./errors";
import type { Opened } from "./opened";
import { withPanels } from "./panel-board";
import { isSearchStream, type Plan, type SearchStreamPlan, type StreamPlan } from "./plan/plan";
import type { EmbeddedIndex, Ledger, SavedQuery } from "./rooms";
import { type EmbeddedIndexOptions, openEmbeddedIndex } from "./search/embedded-index";
import { WriterThread } from "./search/threads/writer-thread";
import type { BodySearcher } from "./search-body";
import { failedObjectsOf } from "./stream-destination";
import { streamFolders } from "./stream-folders";
import { threadMemoryOf } from "./thread-memory";

export interface StreamFiles {
  readonly stream: StreamPlan;
  readonly folder: string;
  readonly queue: Queue;
  readonly ledger: Ledger;
  /** The ledger too; undefined for a stream into a bucket. */
  readonly index: (EmbeddedIndex & BodySearcher) | undefined;
  /** Panels that were made on the page; undefined: the program's. */
  readonly keptPanels: readonly SavedQuery[] | undefined;
}

type Log = (text: string) => void;

/** What is said of one of several streams begins with its name. */
export function logOf(name: string, { streams }: Plan, log: Log): Log {
  return streams.length === 1 ? log : (text) => log(`${name}: ${text}`);
}

/**
 * All at once, their indices in one thread. What was opened is closed by the caller, whatever else fails.
 * @throws UserError where a folder is in use, or a file cannot be opened
 */
export async function openStreams(
  plan: Plan,
  dataFolder: string,
  log: Log,
  opened: Opened,
): Promise<StreamFiles[]> {
  prepareDataFolder(dataFolder);
  const names = plan.streams.map(({ deliveryStreamName }) => deliveryStreamName);
  const folders = streamFolders(dataFolder, names);
  const indices: IndexThread = {
    thread: new WriterThread(threadMemoryOf(1)),
    memory: threadMemoryOf(names.length),
  };
  const opening = plan.streams.map((stream) => {
    const { deliveryStreamName: name } = stream;
    const folder = join(dataFolder, folders[name]!);
    return openStream(stream, { folder, dataFolder, indices, log: logOf(name, plan, log) }, opened);
  });
  await Promise.allSettled(opening);
  return Promise.all(opening);
}

/** What the indices of a run have in common. */
type IndexThread = Required<Pick<EmbeddedIndexOptions, "thread" | "memory">>;

interface StreamOptions {
  readonly folder: string;
  readonly dataFolder: string;
  readonly indices: IndexThread;
  readonly log: Log;
}

async function openStream(
  stream: StreamPlan,
  { folder, dataFolder, indices, log }: StreamOptions,
  opened: Opened,
): Promise<StreamFiles> {
  prepareStreamFolder(folder);
  checkDestination(stream, folder);
  const queue = openQueue(folder);
  opened.push(() => queue.close());
  for (const note of queue.notes) log(note);
  const { opened: index, kept } = isSearchStream(stream)
    ? await withPanels({ folder, ofProgram: stream.panels, log }, (panels) =>
        openIndex(folder, { ...stream, panels }, indices),
      )
    : { opened: undefined, kept: undefined };
  const ledger = index ?? openLedger(folder, queue, bucketOf(stream, dataFolder), log);
  opened.push(() => ledger.close());
  return { stream, folder, queue, ledger, index, keptPanels: kept };
}

const indexFile = "index.sqlite";
const ledgerFile = "delivered.sqlite";

/** A stream never changes from an index to a bucket or back, on AWS neither: it would be another one of that name. */
function checkDestination(stream: StreamPlan, folder: string): void {
  const [own, other] = isSearchStream(stream) ? [indexFile, ledgerFile] : [ledgerFile, indexFile];
  if (existsSync(join(folder, other)) && !existsSync(join(folder, own))) {
    throw otherDestination(stream.deliveryStreamName, folder);
  }
}

const sqliteBusy = 5;

function openQueue(folder: string): Queue {
  const file = join(folder, "queue.sqlite");
  try {
    return Queue.open({ file });
  } catch (error) {
    throw sqliteCode(error) === sqliteBusy ? folderInUse(folder) : cannotOpen(file, error);
  }
}

async function openIndex(
  folder: string,
  { panels, indexTemplate }: SearchStreamPlan,
  indices: IndexThread,
): Promise<EmbeddedIndex & BodySearcher> {
  const file = join(folder, indexFile);
  try {
    return await openEmbeddedIndex({ ...indices, file, panels, template: indexTemplate });
  } catch (error) {
    throw sqliteCode(error) === undefined ? error : cannotOpen(file, error);
  }
}

const bucketOf = (stream: StreamPlan, dataFolder: string): BucketFolder =>
  new BucketFolder(join(dataFolder, "s3", failedObjectsOf(stream).bucketName));

function openLedger(
  folder: string,
  { settledThrough }: Queue,
  bucket: Pick<BucketFolder, "has">,
  log: Log,
): Ledger {
  const file = join(folder, ledgerFile);
  try {
    const ledger = new BucketLedger({ file, settledThrough, isWritten: (key) => bucket.has(key) });
    for (const note of ledger.notes) log(note);
    return ledger;
  } catch (error) {
    throw cannotOpen(file, error);
  }
}
