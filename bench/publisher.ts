/**
 * `npm run bench -- publisher [--records N] [--lines N] [--rounds N] [--rust]`: the publisher beside the AWS SDK for
 * JavaScript, whole and in parts, and, with `--rust` or once that is built, the AWS SDK for Rust, all to the same sink,
 * which checks each signature and each record. Only ratios within one run mean anything.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { median } from "./median";
import type { SenderFigures } from "./publisher-sender";
import { countRecord, noCounts, type SinkCounts } from "./publisher-sink";

/** Runs of one sender. */
interface Row {
  readonly name: string;
  /** As publisher-sender.ts has it; undefined: a program of its own. */
  readonly how?: string;
  readonly figures: SenderFigures[];
}

const tsNode = ["-r", join(__dirname, "..", "register.cjs")];
const rustDir = join(__dirname, "peers", "rust");
const rustTarget = join(__dirname, "..", ".cache", "publisher-peer");
const rustBinary = join(rustTarget, "release", "publisher-peer");

export async function run(args: string[]): Promise<void> {
  const number = (text: string) => Number(text.replaceAll(/[_,]/g, ""));
  const { values } = parseArgs({
    args,
    options: {
      records: { type: "string", default: "1000000" },
      lines: { type: "string", default: "500000" },
      rounds: { type: "string", default: "3" },
      rust: { type: "boolean", default: false },
    },
  });
  if (values.rust) buildRust();
  const folder = mkdtempSync(join(tmpdir(), "bench-publisher-"));
  try {
    const records = number(values.records);
    print(
      `messages {"message":"hello world K"}`,
      await rounds(number(values.rounds), String(records), helloCounts(records)),
    );
    const file = join(folder, "lines.log");
    const expected = await writeLines(file, number(values.lines));
    print("lines of 200 bytes from a file", await rounds(number(values.rounds), file, expected));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function buildRust(): void {
  process.stdout.write("building the AWS SDK for Rust, some minutes\n");
  const env = { ...process.env, CARGO_TARGET_DIR: rustTarget };
  execFileSync("cargo", ["build", "--release", "--quiet"], { cwd: rustDir, env, stdio: "inherit" });
}

/** All senders in turn, so that a busy machine is busy for each of them. */
async function rounds(count: number, what: string, expected: SinkCounts): Promise<Row[]> {
  const rows: Row[] = [
    { name: "this publisher", how: "publisher", figures: [] },
    { name: "our bodies and signature, the SDK's request handler", how: "sdk-handler", figures: [] },
    { name: "our bodies and signature, Node's fetch", how: "fetch", figures: [] },
    { name: "our bodies, the SDK's signature and request handler", how: "sdk-bodies", figures: [] },
    { name: "AWS SDK for JavaScript as it is", how: "sdk", figures: [] },
    ...(existsSync(rustBinary) ? [{ name: "AWS SDK for Rust", figures: [] }] : []),
  ];
  for (let round = 0; round < count; round++) {
    for (const row of rows) {
      const sink = await startSink();
      try {
        row.figures.push(await send(row, what, sink.url, expected.records));
      } finally {
        check(row.name, await sink.stop(), expected);
      }
    }
  }
  return rows;
}

function check(name: string, seen: SinkCounts, expected: SinkCounts): void {
  for (const key of ["records", "bytes", "checksum", "badSignatures", "badPayloads"] as const) {
    if (seen[key] !== expected[key])
      throw new Error(`${name}: ${key} ${seen[key]}, expected ${expected[key]}`);
  }
}

async function send(row: Row, what: string, url: string, records: number): Promise<SenderFigures> {
  const env = { ...process.env, AWS_ENDPOINT_URL_FIREHOSE: url };
  const { how } = row;
  if (how === undefined) return timed([rustBinary, "bench", what], env, records);
  const child = spawn(process.execPath, [...tsNode, join(__dirname, "publisher-sender.ts"), how, what], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(await lastLine(child));
}

/** A program of its own is measured whole: it has no start to speak of. */
async function timed(command: string[], env: NodeJS.ProcessEnv, accepted: number): Promise<SenderFigures> {
  const startedMs = performance.now();
  // `times` prints the processor time of the shell's children in its last line.
  const child = spawn("sh", ["-c", '"$@" && times', "sh", ...command], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await lastLine(child);
  const parts = [...line.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  const cpuSeconds = parts.reduce((sum, part) => sum + part, 0);
  return { accepted, seconds: (performance.now() - startedMs) / 1000, cpuSeconds, peakMiB: Number.NaN };
}

async function startSink(): Promise<{ url: string; stop(): Promise<SinkCounts> }> {
  const child = spawn(process.execPath, [...tsNode, join(__dirname, "publisher-sink.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => (await lines.next()).value ?? "";
  const url = await next();
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      return JSON.parse(await next());
    },
  };
}

async function lastLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no output");
  let last: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) last = line;
  if (last === undefined) throw new Error("a sender ended without figures");
  return last;
}

function helloCounts(records: number): SinkCounts {
  const counts = noCounts();
  for (let n = 1; n <= records; n++) countRecord(counts, Buffer.from(`{"message":"hello world ${n}"}\n`));
  return counts;
}

async function writeLines(path: string, lines: number): Promise<SinkCounts> {
  const counts = noCounts();
  const file = createWriteStream(path);
  for (let n = 1; n <= lines; n++) {
    const line = Buffer.from(`${`{"seq":${n},"text":"`.padEnd(197, "lorem ipsum dolor sit amet ")}"}\n`);
    countRecord(counts, line);
    if (!file.write(line)) await new Promise<void>((resolve) => file.once("drain", () => resolve()));
  }
  await new Promise<void>((resolve) => file.end(() => resolve()));
  return counts;
}

function print(title: string, rows: readonly Row[]): void {
  process.stdout.write(`${title}\n  CPU s per 1M   records/s   peak MiB   CPU, ratio to ours\n`);
  const cpuOf = ({ figures }: Row) =>
    median(figures.map(({ cpuSeconds, accepted }) => (cpuSeconds * 1e6) / accepted));
  const ours = rows[0] ? cpuOf(rows[0]) : NaN;
  for (const row of rows) {
    const rate = Math.round(median(row.figures.map(({ accepted, seconds }) => accepted / seconds)));
    const peak = median(row.figures.map(({ peakMiB }) => peakMiB));
    const columns = [
      cpuOf(row).toFixed(2).padStart(14),
      rate.toLocaleString("en-US").padStart(12),
      (Number.isNaN(peak) ? "" : peak.toFixed(0)).padStart(11),
      (cpuOf(row) / ours).toFixed(2).padStart(9),
    ];
    process.stdout.write(`${columns.join("")}  ${row.name}\n`);
  }
}
