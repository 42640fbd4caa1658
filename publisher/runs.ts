/** Looks at what is there: a local run of this project, and a deployed stack's outputs. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** `<data>/run.json`, there while a local run is up. */
export interface LocalRun {
  readonly pid: number;
  /** `http://127.0.0.1:4573` */
  readonly firehose: string;
  /** `http://127.0.0.1:5601` */
  readonly dashboard?: string;
  readonly streamName: string;
  readonly region: string;
}

export const runFile = (dataDir: string): string => join(dataDir, "run.json");

/** Undefined where there is no such file, or it is not a run's. */
export function readLocalRun(file: string): LocalRun | undefined {
  try {
    const run = JSON.parse(readFileSync(file, "utf8"));
    return typeof run?.firehose === "string" && typeof run.streamName === "string" ? run : undefined;
  } catch {
    return undefined;
  }
}

/** Says whether the process lives and its endpoint answers at all: a killed run leaves its file behind. */
export async function isUp(run: LocalRun): Promise<boolean> {
  try {
    process.kill(run.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  try {
    const answer = await fetch(run.firehose, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Outputs of a deployed stack, by the `pulumi` of this project. */
export function stackOutputs(stack: string, projectDir: string): Promise<Record<string, unknown>> {
  const pulumi = join(projectDir, "node_modules", ".bin", "pulumi");
  const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
  return new Promise((resolve, reject) => {
    execFile(pulumi, args, { cwd: projectDir, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(stderr.trim().split("\n").pop() || error.message));
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error("pulumi stack output printed no JSON"));
      }
    });
  });
}
