/** The thread that reads, so that a long query holds up neither the writer nor the process. */
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import type { Bars, SearchRequest } from "../../rooms";
import { readFailures, readOutbox } from "../file/ledger";
import { IndexReader } from "../reading/reader";
import { answerCalls } from "./worker-call";

const { file } = workerData.data as { file: string };
let db: DatabaseSync;
let reader: IndexReader;

answerCalls({
  open: () => {
    db = new DatabaseSync(file, { readOnly: true });
    db.exec("PRAGMA cache_size = -32768");
    reader = new IndexReader(db);
  },
  count: (request: SearchRequest) => reader.count(request),
  search: (request: SearchRequest) => reader.search(request),
  histogram: (request: SearchRequest & Bars) => reader.histogram(request),
  fields: (request: SearchRequest) => reader.fieldSummaries(request),
  indices: () => reader.indices(),
  openScan: (request: SearchRequest) => reader.openScan(request),
  nextPage: (id: number) => reader.nextPage(id),
  closeScan: (id: number) => reader.closeScan(id),
  outbox: () => readOutbox(db),
  recentFailures: (limit: number) => readFailures(db, limit),
  close: () => db.close(),
});
