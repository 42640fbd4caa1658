/** The thread that reads, so that a long query holds up neither the writer nor the process. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { IdleMemory } from "../../idle-memory";
import type { Bars, Page, SearchRequest } from "../../rooms";
import type { FindRequest } from "../../search-body";
import { IndexReader } from "../reading/reader";
import { answerCalls } from "./answer-calls";

export interface ReaderData {
  readonly file: string;
  /** One number; 1 says that nobody waits for the answer under way. */
  readonly abandoned: SharedArrayBuffer;
}

/** What is asked, and how many milliseconds there are. */
interface Asked<T> {
  readonly request: T;
  readonly timeoutMs: number | undefined;
}

const { file, abandoned } = workerData.data as ReaderData;
const cell = new Int32Array(abandoned);
const db = new DatabaseSync(file, { readOnly: true });
db.exec("PRAGMA cache_size = -16384");
const reader = new IndexReader(db, {
  nowMs: () => performance.now(),
  isAbandoned: () => Atomics.load(cell, 0) === 1,
});

/** Between the questions of somebody who looks around, what is compiled stays. */
const idleMs = 5000;
const idleMemory = new IdleMemory(idleMs, () => {
  if (db.isOpen) db.exec("PRAGMA shrink_memory");
});
parentPort!.on("message", () => idleMemory.worked());

answerCalls({
  count: ({ request, timeoutMs }: Asked<SearchRequest>) => reader.count(request, timeoutMs),
  search: ({ request, timeoutMs }: Asked<SearchRequest & Page>) => reader.search(request, timeoutMs),
  histogram: ({ request, timeoutMs }: Asked<SearchRequest & Bars>) => reader.histogram(request, timeoutMs),
  fields: ({ request, timeoutMs }: Asked<SearchRequest & { sample?: number }>) =>
    reader.fields(request, timeoutMs),
  indices: () => reader.indices(),
  find: ({ request, timeoutMs }: Asked<FindRequest>) => reader.find(request, timeoutMs),
  mappings: () => reader.mappings(),
  document: ({ request }: Asked<{ index: string; id: string }>) => reader.document(request),
  openScan: ({ request }: Asked<SearchRequest>) => reader.openScan(request),
  nextPage: ({ request: id }: Asked<number>) => reader.nextPage(id),
  closeScan: ({ request: id }: Asked<number>) => reader.closeScan(id),
});
