/** The embedded index by itself: how fast it takes documents in, at what cost, and how fast it answers. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedIndex, IndexDocument } from "../local/rooms";
import { openEmbeddedIndex } from "../local/search/embedded-index";

const BATCH_DOCUMENTS = 10_000;
const HISTOGRAM_INTERVAL_MS = 1_000;
const TEMPLATE = {
  settings: {},
  mappings: { date_detection: false, properties: { message: { type: "text" } } },
};
const PANELS = [
  { title: "total", query: "" },
  { title: "bye", query: "message:bye" },
  { title: "hello", query: "message:hello" },
];
const QUERIES = [
  "",
  "message:bye",
  "message:hello",
  "NOT message:bye",
  '"bye world"',
  "message:500*",
  "message:b?e",
];

function batch(from: number, arrivalMs: number): IndexDocument[] {
  return Array.from({ length: BATCH_DOCUMENTS }, (_, at) => {
    const seq = from + at;
    const source = `{"message":"${seq % 2 === 0 ? "bye" : "hello"} world ${seq}"}`;
    return { seq, id: `4962000000000000000.${seq}`, index: "example-2026-11-25-12", arrivalMs, source };
  });
}

async function fill(
  index: EmbeddedIndex,
  documents: number,
): Promise<{ seconds: number; cpuSeconds: number }> {
  const batches = Array.from({ length: Math.ceil(documents / BATCH_DOCUMENTS) }, (_, at) => at);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const at of batches) {
    const from = at * BATCH_DOCUMENTS + 1;
    await index.write(batch(from, Date.UTC(2026, 10, 25, 12) + at * 100));
    const throughSeq = from + BATCH_DOCUMENTS - 1;
    await index.settle({ throughSeq, indexed: BATCH_DOCUMENTS, dropped: 0, failed: 0, failedObjects: [] });
  }
  const used = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (used.user + used.system) / 1e6 };
}

async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let at = 0; at < times; at++) {
    const start = performance.now();
    await work();
    all.push(performance.now() - start);
  }
  return all.sort((a, b) => a - b)[Math.floor(times / 2)] as number;
}

/** Prints the figures; the first argument is the number of documents (1,000,000). */
export async function run(args: string[]): Promise<void> {
  const documents = Number(args[0] ?? 1_000_000);
  const folder = mkdtempSync(join(tmpdir(), "bench-search-"));
  const file = join(folder, "index.db");
  const index = await openEmbeddedIndex({ file, panels: PANELS, template: TEMPLATE });
  try {
    const { seconds, cpuSeconds } = await fill(index, documents);
    const perMillion = (cpuSeconds * 1e6) / documents;
    console.log(
      `index ${documents} documents: ${seconds.toFixed(2)} s, ${Math.round(documents / seconds)} documents/s,`,
    );
    console.log(
      `  ${perMillion.toFixed(2)} CPU s per 1M, ${Math.round(statSync(file).size / documents)} bytes per document`,
    );
    console.log(`panel counts: ${(await median(101, () => index.panelCounts())).toFixed(3)} ms`);
    for (const query of QUERIES) {
      const { count } = await index.count({ query });
      const countMs = await median(3, () => index.count({ query }));
      const searchMs = await median(3, () => index.search({ query, size: 50 }));
      const histogram = () => index.histogram({ query, intervalMs: HISTOGRAM_INTERVAL_MS });
      const [firstMs, againMs] = [await median(1, histogram), await median(3, histogram)];
      console.log(
        `${(query || "(all)").padEnd(24)} ${String(count).padStart(9)}  count ${countMs.toFixed(1)} ms, newest 50 ${searchMs.toFixed(1)} ms, ` +
          `histogram ${firstMs.toFixed(1)} ms, again ${againMs.toFixed(1)} ms`,
      );
    }
  } finally {
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) void run(process.argv.slice(2));
