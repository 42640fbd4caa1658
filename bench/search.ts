/** The embedded index by itself: what it costs to take documents in, and to answer twenty questions on them. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedIndex } from "../local/rooms";
import { openEmbeddedIndex } from "../local/search/embedded-index";
import { type Peer, startPeers } from "./search-beside";
import { RequestDocuments, template } from "./search-documents";
import { questions } from "./search-queries";

const documentsPerBatch = 10_000;
const baseMs = Date.UTC(2026, 10, 25, 12);
const listed = 50;

/** Of this process and its threads, in seconds. */
function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

export async function fill(index: EmbeddedIndex, documents: RequestDocuments, total: number): Promise<void> {
  let throughSeq = 0;
  for (const batch of documents.batches(total, documentsPerBatch)) {
    throughSeq += batch.length;
    await index.write(batch);
    await index.settle({ throughSeq, indexed: batch.length, dropped: 0, failed: 0, failedObjects: [] });
  }
}

/** What it costs to make the documents, which is none of the index's business. */
function makingSeconds(total: number, mixed: boolean): number {
  const documents = new RequestDocuments(baseMs, mixed);
  const since = process.cpuUsage();
  for (const _ of documents.batches(total, documentsPerBatch));
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

const column = (text: string): string => text.padStart(9);
const peerColumn = (text: string): string => text.padStart(16);
const ms = (value: number | undefined): string => column(value === undefined ? "-" : value.toFixed(0));

async function ask(index: EmbeddedIndex, peers: readonly Peer[]): Promise<void> {
  const head = ["count", "CPU ms", "wall ms", "again", `newest ${listed}`];
  const peerHead = peers.flatMap(({ name }) => [peerColumn(`${name} CPU`), column("wall")]);
  console.log(["".padEnd(56), ...head.map(column), ...peerHead].join(" "));
  const patience = { timeoutMs: 600_000 };
  for (const question of questions) {
    const { query } = question;
    const first = await measured(() => index.count({ query }, patience));
    const again = await measured(() => index.count({ query }, patience));
    const newest = await measured(() => index.search({ query, size: listed }, patience));
    const { count } = first.answer;
    const columns = [
      column(String(count)),
      ...[first.cpuMs, first.wallMs, again.cpuMs, newest.cpuMs].map(ms),
    ];
    const others: string[] = [];
    for (const peer of peers) {
      const answer = await peer.count(question);
      columns.push(peerColumn(ms(answer?.cpuMs)), ms(answer?.wallMs));
      if (answer !== undefined && answer.count !== count) others.push(`${peer.name} counts ${answer.count}`);
    }
    console.log([query.padEnd(56), ...columns, ...others].join(" "));
  }
}

/** `[documents] [--mixed-times] [--beside]`: how many (1,000,000), whether times go back and forth, and those beside it. */
export async function run(args: string[]): Promise<void> {
  const total = Number(args.find((arg) => !arg.startsWith("--")) ?? 1_000_000);
  const mixed = args.includes("--mixed-times");
  const folder = mkdtempSync(join(tmpdir(), "bench-search-"));
  const file = join(folder, "index.db");
  const index = await openEmbeddedIndex({ file, panels: [], template });
  let peers: Peer[] = [];
  try {
    const making = makingSeconds(total, mixed);
    const { cpuMs, wallMs } = await measured(() => fill(index, new RequestDocuments(baseMs, mixed), total));
    const perMillion = ((cpuMs / 1000 - making) * 1e6) / total;
    const bytes = Math.round((statSync(file).size + statSync(`${file}-wal`).size) / total);
    console.log(
      `${total} documents: ${perMillion.toFixed(1)} CPU s per 1M, ${(wallMs / 1000).toFixed(0)} s, ${bytes} bytes each on disk`,
    );
    const documents = () => new RequestDocuments(baseMs, mixed);
    if (args.includes("--beside")) peers = await startPeers(documents, total, folder);
    await ask(index, peers);
  } finally {
    for (const peer of peers) await peer.stop();
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
