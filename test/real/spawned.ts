/** The commands themselves, each in a process and a folder of its own: a start takes about a second. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const root = join(__dirname, "..", "..");

/** @param command file in publisher/ */
export function startCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  firehoseUrl: string,
  more: Readonly<Record<string, string>> = {},
): ChildProcess {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_FIREHOSE: firehoseUrl,
    AWS_REGION: "eu-west-1",
    TS_NODE_PROJECT: join(root, "tsconfig.json"),
    ...more,
  };
  const file = join(root, "publisher", command);
  return spawn(process.execPath, ["-r", join(root, "register.cjs"), file, ...args], { cwd, env });
}

export interface Finished {
  readonly stdout: string;
  /** Lines of standard error. */
  readonly stderr: readonly string[];
  readonly code: number | null;
}

export async function finish(child: ChildProcess): Promise<Finished> {
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout!), text(child.stderr!), exit]);
  return { stdout, stderr: stderr.trim().split("\n"), code };
}
