/**
 * `npm run bench -- log-objects [--objects N] [--lines N] [--gigabytes N] [--call-seconds N]`: the function that sends the
 * objects of log buckets, against S3, SQS and Firehose of this machine: many objects, then one of so many gigabytes whose
 * bytes are made while they are read, over as many calls as its time asks for.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { accessLog, longLines, type Member, startCloud } from "./log-objects-cloud";
import type { FunctionFigures } from "./log-objects-function";

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      objects: { type: "string", default: "100" },
      lines: { type: "string", default: "10000" },
      gigabytes: { type: "string", default: "5" },
      "call-seconds": { type: "string", default: "300" },
    },
  });
  const objects = Number(values.objects);
  const lines = Number(values.lines);
  const small = accessLog(lines);
  print(
    `${objects} gzip objects of ${lines} lines, ${Math.round(small.bytes.length / 1000)} kB each`,
    await measure(small, { members: 1, objects, callSeconds: 300 }),
  );
  const bytes = Number(values.gigabytes) * 1e9;
  const large = longLines(800, 10_000);
  const members = Math.ceil(bytes / large.bytes.length);
  if (members === 0) return;
  print(
    `one gzip object of ${values.gigabytes} GB, lines of 10 kB`,
    await measure(large, { members, objects: 1, callSeconds: Number(values["call-seconds"]) }),
  );
}

interface Load {
  readonly members: number;
  readonly objects: number;
  readonly callSeconds: number;
}

interface Figures extends FunctionFigures {
  readonly objects: number;
  readonly records: number;
  /** Bytes of objects, those that were read again too. */
  readonly read: number;
}

async function measure(member: Member, { members, objects, callSeconds }: Load): Promise<Figures> {
  const cloud = await startCloud(member, members, objects);
  try {
    const child = spawn(
      process.execPath,
      [
        "-r",
        join(__dirname, "..", "register.cjs"),
        join(__dirname, "log-objects-function.ts"),
        cloud.url,
        String(callSeconds),
      ],
      { env: environment(cloud.url), stdio: ["ignore", "pipe", "inherit"] },
    );
    let out = "";
    for await (const chunk of child.stdout) out += chunk;
    const records = cloud.records();
    const expected = member.lines * members * objects;
    if (records !== expected) throw new Error(`the stream has ${records} records, expected ${expected}`);
    return { ...JSON.parse(out), objects, records, read: cloud.read() };
  } finally {
    await cloud.close();
  }
}

const environment = (url: string): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_ENDPOINT_URL: url,
  DELIVERY_STREAM_NAME: "web",
  NOTES_BUCKET: "notes",
  QUEUE_URL: `${url}/1/events`,
  FAILED_QUEUE_URL: `${url}/1/failed`,
  BYTES_PER_SECOND: "1000000000000",
});

function print(title: string, figures: Figures): void {
  const { objects, records, calls, seconds, cpuSeconds, startMb, peakMb, read } = figures;
  const rows = [
    ["objects/s", (objects / seconds).toFixed(1)],
    ["lines/s", Math.round(records / seconds).toLocaleString("en-US")],
    ["CPU s per 1M lines", ((cpuSeconds * 1e6) / records).toFixed(2)],
    ["calls", String(calls)],
    ["MB read", (read / 1e6).toFixed(1)],
    ["peak MB", `${peakMb.toFixed(0)}, ${startMb.toFixed(0)} of them before the first call`],
  ];
  process.stdout.write(
    `${title}\n${rows.map(([name, value]) => `  ${name!.padEnd(20)} ${value}\n`).join("")}`,
  );
}
