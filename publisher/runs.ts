/** Looks at what is there: a local run of this project, and a deployed stack's outputs. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pulumiMissing } from "./errors";
import { jsonObject } from "./wire/bounded-json";

/** `<data>/run.json`, there while a local run is up. */
export interface LocalRun {
  readonly pid: number;
  /** `http://127.0.0.1:4573` */
  readonly firehose: string;
  /** `http://127.0.0.1:5601` */
  readonly dashboard?: string;
  /** The first stream of the run. */
  readonly streamName: string;
  /** All of them. @default the first alone */
  readonly streams?: readonly string[];
  readonly region: string;
  /** When the run's data folder began, in milliseconds since 1970: tells it from other runs with the same names. */
  readonly createdMs?: number;
}

export const runFile = (dataDir: string): string => join(dataDir, "run.json");

/** Undefined where there is no such file, or it is not a run's. */
export function readLocalRun(file: string): LocalRun | undefined {
  try {
    const run = JSON.parse(readFileSync(file, "utf8"));
    const isRun =
      Number.isSafeInteger(run?.pid) &&
      run.pid > 0 &&
      typeof run.streamName === "string" &&
      typeof run.region === "string" &&
      isHttp(run.firehose) &&
      (run.dashboard === undefined || isHttp(run.dashboard)) &&
      (run.streams === undefined || isTexts(run.streams));
    return isRun ? run : undefined;
  } catch {
    return undefined; // No such file, or torn, or another's.
  }
}

/** Names of the streams that a data folder keeps files of; none where it says nothing of them. */
export function streamsInFolder(dataDir: string): string[] {
  try {
    return Object.keys(JSON.parse(readFileSync(join(dataDir, "streams.json"), "utf8")));
  } catch {
    return []; // A folder of one stream may have no such file.
  }
}

const isTexts = (list: unknown): boolean =>
  Array.isArray(list) && list.every((text) => typeof text === "string");

const isHttp = (url: unknown): boolean => typeof url === "string" && /^http:\/\/[^/@\s]+\/?$/.test(url);

/** The machine may be busy with the run itself. */
const answerMs = 5_000;
const maxDescriptionBytes = 1024 * 1024;

/**
 * Says whether this very run is up. A killed run leaves its file behind; then its process number and its port may be
 * another's by now, another local run's too: the process must live, and the endpoint describe the stream of this run.
 */
export async function isUp(run: LocalRun): Promise<boolean> {
  try {
    process.kill(run.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  try {
    const answer = await fetch(run.firehose, {
      method: "POST",
      redirect: "error",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "Firehose_20150804.DescribeDeliveryStream",
      },
      body: JSON.stringify({ DeliveryStreamName: run.streamName }),
      signal: AbortSignal.timeout(answerMs),
    });
    const { DeliveryStreamDescription: stream } = await jsonObject(answer, maxDescriptionBytes);
    return answer.status === 200 && isStreamOf(run, stream);
  } catch {
    return false; // Nothing listens, or it is no Firehose.
  }
}

function isStreamOf({ streamName, createdMs }: LocalRun, description: unknown): boolean {
  const { DeliveryStreamName: name, CreateTimestamp: created } = (description ?? {}) as Record<
    string,
    unknown
  >;
  if (name !== streamName) return false;
  return createdMs === undefined || (typeof created === "number" && Math.round(created * 1000) === createdMs);
}

/** Outputs of a deployed stack, by the `pulumi` among the project's packages, or else by the one that is installed. */
export function stackOutputs(stack: string, projectDir: string): Promise<Record<string, unknown>> {
  const own = join(projectDir, "node_modules", ".bin", "pulumi");
  const pulumi = existsSync(own) ? own : "pulumi";
  const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
  return new Promise((resolve, reject) => {
    execFile(pulumi, args, { cwd: projectDir, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") return reject(pulumiMissing());
      if (error) return reject(new Error(stderr.trim().split("\n").pop() || error.message));
      try {
        const outputs: unknown = JSON.parse(stdout);
        if (typeof outputs === "object" && outputs !== null)
          return resolve(outputs as Record<string, unknown>);
      } catch {
        // Told below.
      }
      reject(new Error("pulumi stack output printed no JSON object"));
    });
  });
}
