/** `npm start` as a child of its own, as a person starts it: for the tests that need a process, and for the bench. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "..");

export interface Ready {
  readonly firehose: string;
  readonly dashboard: string;
  readonly streamName: string;
  /** All of them, in the program's order. */
  readonly streams: readonly string[];
  readonly data: string;
}

export interface RunOptions {
  /** Data folder. */
  readonly data: string;
  /** @default any free port */
  readonly firehosePort?: string;
  /** @default any free port */
  readonly dashboardPort?: string;
  /** Settings, each `key=value`. The backup is written after a second, so that nobody waits a minute for it. */
  readonly set?: readonly string[];
  /** Folder of another program, seen from the checkout. @default the checkout's own */
  readonly program?: string;
  /** Further flags. @default none */
  readonly flags?: readonly string[];
  /** @default this one */
  readonly checkout?: string;
  /** Further variables of its environment. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

export interface StartedRun {
  readonly child: ChildProcess;
  /** Rejects with what the run wrote to its standard error where it ends before. */
  readonly ready: Promise<Ready>;
  /** Exit code, and all that it wrote to its standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

export function startRun({
  data,
  firehosePort = "0",
  dashboardPort = "0",
  set = [],
  program,
  flags: more = [],
  checkout = root,
  env = {},
}: RunOptions): StartedRun {
  const flags = [
    ...more,
    "--json",
    "--data",
    data,
    "--firehose-port",
    firehosePort,
    "--dashboard-port",
    dashboardPort,
  ];
  // Nobody knows the settings of another program or of an older checkout.
  const own = program === undefined && checkout === root ? ["backupIntervalSeconds=1"] : [];
  const settings = [...own, ...set].flatMap((setting) => ["--set", setting]);
  const programFlags = program === undefined ? [] : ["--program", program];
  const child = startScript("start", [...flags, ...settings, ...programFlags], env, checkout);
  let text = "";
  child.stderr!.on("data", (chunk) => {
    text += chunk;
  });
  const ended = new Promise<{ code: number | null; text: string }>((done) => {
    child.once("close", (code) => done({ code, text }));
  });
  const ready = new Promise<Ready>((done, fail) => {
    let out = "";
    child.stdout!.on("data", (chunk) => {
      out += chunk;
      if (out.includes("\n")) done(JSON.parse(out) as Ready);
    });
    child.once("close", () => fail(new Error(`The local run ended before it was ready: ${text}`)));
  });
  // Whoever waits for the end alone is not told twice.
  ready.catch(() => {});
  return { child, ready, ended };
}

/** What an npm script starts, with the same flags for Node, without npm: signals reach it. */
export function startScript(
  script: "start" | "publish" | "demo",
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  checkout = root,
): ChildProcess {
  const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const [, ...node] = scripts[script].split(" ");
  return spawn(process.execPath, [...node, ...args], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
}
