/** The embedded index by itself: what it costs to take documents in, and to answer twenty questions on them. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedIndex } from "../local/rooms";
import { openEmbeddedIndex } from "../local/search/embedded-index";
import { type AskedNode, startNode } from "./search-beside";
import { queries, RequestDocuments, template } from "./search-documents";

const documentsPerBatch = 10_000;
const baseMs = Date.UTC(2026, 10, 25, 12);
const listed = 50;

/** Of this process and its threads, in seconds. */
function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

export async function fill(index: EmbeddedIndex, documents: RequestDocuments, total: number): Promise<void> {
  for (let throughSeq = 0; throughSeq < total; ) {
    const batch = documents.next(Math.min(documentsPerBatch, total - throughSeq));
    throughSeq += batch.length;
    await index.write(batch);
    await index.settle({ throughSeq, indexed: batch.length, dropped: 0, failed: 0, failedObjects: [] });
  }
}

/** What it costs to make the documents, which is none of the index's business. */
function makingSeconds(total: number, mixed: boolean): number {
  const documents = new RequestDocuments(baseMs, mixed);
  const since = process.cpuUsage();
  for (let made = 0; made < total; made += documentsPerBatch) documents.next(documentsPerBatch);
  return cpuSeconds(since);
}

interface Measured<T> {
  readonly answer: T;
  readonly cpuMs: number;
  readonly wallMs: number;
}

async function measured<T>(work: () => Promise<T>): Promise<Measured<T>> {
  const since = process.cpuUsage();
  const start = performance.now();
  const answer = await work();
  return { answer, cpuMs: cpuSeconds(since) * 1000, wallMs: performance.now() - start };
}

const ms = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(0)).padStart(8);

async function ask(index: EmbeddedIndex, node: AskedNode | undefined): Promise<void> {
  const head = [
    "count",
    "CPU ms",
    "wall ms",
    "again",
    `newest ${listed}`,
    ...(node ? ["node CPU", "node wall"] : []),
  ];
  console.log(`${"".padEnd(50)}${head.map((title) => title.padStart(10)).join("")}`);
  for (const query of queries) {
    const first = await measured(() => index.count({ query }, { timeoutMs: 600_000 }));
    const again = await measured(() => index.count({ query }, { timeoutMs: 600_000 }));
    const newest = await measured(() => index.search({ query, size: listed }, { timeoutMs: 600_000 }));
    const beside = await node?.count(query);
    const figures = [first.cpuMs, first.wallMs, again.cpuMs, newest.cpuMs, beside?.cpuMs, beside?.wallMs];
    const differs = beside !== undefined && beside.answer !== first.answer.count;
    console.log(
      `${query.padEnd(50)}${String(first.answer.count).padStart(10)}${figures.map((each) => `  ${ms(each)}`).join("")}` +
        `${differs ? `  OpenSearch counts ${beside.answer}` : ""}`,
    );
  }
}

/** `[documents] [--mixed-times] [--beside]`: how many (1,000,000), whether times go back and forth, OpenSearch too. */
export async function run(args: string[]): Promise<void> {
  const total = Number(args.find((arg) => !arg.startsWith("--")) ?? 1_000_000);
  const mixed = args.includes("--mixed-times");
  const folder = mkdtempSync(join(tmpdir(), "bench-search-"));
  const file = join(folder, "index.db");
  const index = await openEmbeddedIndex({ file, panels: [], template });
  let node: AskedNode | undefined;
  try {
    const making = makingSeconds(total, mixed);
    const { cpuMs, wallMs } = await measured(() => fill(index, new RequestDocuments(baseMs, mixed), total));
    const perMillion = ((cpuMs / 1000 - making) * 1e6) / total;
    const bytes = Math.round((statSync(file).size + statSync(`${file}-wal`).size) / total);
    console.log(
      `${total} documents: ${perMillion.toFixed(1)} CPU s per 1M, ${(wallMs / 1000).toFixed(0)} s, ${bytes} bytes each on disk`,
    );
    if (args.includes("--beside")) node = await startNode(new RequestDocuments(baseMs, mixed), total);
    await ask(index, node);
  } finally {
    await node?.stop();
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
