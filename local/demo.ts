/** `npm run demo -- [N]`: the whole line once, in a temporary folder, with the publisher's command as the sender. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { goWhereTyped, typedCommand } from "../typed/command";
import { exitCodeOf, report, UserError } from "./errors";
import { runOptions, wrongUsage } from "./flags";
import { printable } from "./plain-text";
import { chooseStack } from "./plan/config";
import { planOfProgram } from "./plan/plan-of-program";
import { readProject } from "./plan/project";
import { type LocalRun, startLocalRun } from "./run";
import { sampleOf } from "./send-command";

interface Flags {
  readonly program?: string;
  readonly stack?: string;
  readonly set: string[];
  readonly standIn: string[];
  readonly opensearch?: string;
  readonly json: boolean;
}

interface Result {
  readonly published: number;
  readonly indexed: number;
  readonly dropped: number;
  readonly failed: number;
  /** Further counts by the title of their panel. */
  readonly [panel: string]: number;
  readonly backedUp: number;
  readonly seconds: number;
}

const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("Allowed is a whole number from 1 to 999999999.");
  return Number(text);
};

const unlessGiven = { set: [], standIn: [], json: false };

function readCommand(): { count: number; flags: Flags } {
  const command = new Command(typedCommand("demo", ""))
    .description(
      "Starts the stack in a temporary folder, publishes N messages, waits for the last and counts.",
    )
    .argument("[N]", "number of messages", wholeNumber, 1000)
    .addOption(runOptions.program)
    .addOption(runOptions.stack)
    .addOption(runOptions.opensearch)
    .addOption(runOptions.set)
    .addOption(runOptions.standIn)
    .option("--json", "print one line of JSON at the end")
    .allowExcessArguments(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : wrongUsage))
    .parse();
  return { count: command.processedArgs[0], flags: { ...unlessGiven, ...command.opts<Flags>() } };
}

/** Runs the publisher as a person would, against the endpoint of this run. */
function publish(root: string, { ready, plan }: LocalRun, count: number): Promise<void> {
  const extension = extname(__filename);
  const sample = sampleOf(plan.chosenProcessor);
  const args = [
    ...(extension === ".ts" ? ["-r", join(root, "register.cjs")] : []),
    join(root, "publisher", `main${extension}`),
    String(count),
    "--stream",
    ready.streamName,
    ...(sample ? ["--sample", sample] : []),
  ];
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_FIREHOSE: ready.firehose,
    AWS_REGION: plan.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  return new Promise((resolvePublish, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolvePublish();
      else reject(new UserError(`The publisher ended with ${code}; not all records were accepted.`));
    });
  });
}

const mostWaitMs = 600_000;

/** `isWhole`: all that was accepted, which may be more than was published, was indexed or dropped, and backed up. */
async function countAtTheEnd(
  run: LocalRun,
  published: number,
  startMs: number,
): Promise<{ result: Result; isWhole: boolean }> {
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${run.ready.dashboard}${path}`)).json()) as T;
  const backsUp = run.plan.streams[0]?.backup?.mode === "AllDocuments";
  for (;;) {
    const { waiting, backedUp, indexed, dropped, failed, accepted } =
      await ask<Record<string, number>>("/api/status");
    const settled = accepted! >= published && waiting === 0 && (!backsUp || backedUp! >= accepted!);
    // A real OpenSearch shows new documents only after its next refresh.
    const done = settled && (await ask<{ count: number }>("/api/count")).count >= indexed!;
    if (done || performance.now() - startMs > mostWaitMs) {
      const counts: Record<string, number> = {};
      for (const { title, query } of run.plan.streams[0]?.panels ?? []) {
        counts[title] = (await ask<{ count: number }>(`/api/count?q=${encodeURIComponent(query)}`)).count;
      }
      const seconds = Math.round(performance.now() - startMs) / 1000;
      const result = {
        published,
        indexed: indexed!,
        dropped: dropped!,
        failed: failed!,
        ...counts,
        backedUp: backedUp!,
        seconds,
      };
      return { result, isWhole: done && indexed! + dropped! === accepted };
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function main(): Promise<void> {
  goWhereTyped();
  const { count, flags } = readCommand();
  const { json, program, standIn: standIns, opensearch } = flags;
  const root = resolve(__dirname, "..");
  const folder = program === undefined ? root : resolve(program);
  const stack = chooseStack(readProject(folder), flags.stack);
  // Nobody waits a minute for the last object of a demonstration; other programs have settings of their own.
  const set = [...(program === undefined ? ["backupIntervalSeconds=1"] : []), ...flags.set];
  const dataFolder = mkdtempSync(join(tmpdir(), "firehose-demo-"));
  const log = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      // Nobody wants what a demonstration has left behind; "exit" comes after all that is being written.
      process.once("exit", () => rmSync(dataFolder, { recursive: true, force: true }));
      process.exit(130);
    });
  }
  try {
    const run = await startLocalRun({
      plan: planOfProgram({ folder, stack, set, standIns }),
      opensearch,
      stack,
      dataFolder,
      firehosePort: 0,
      dashboardPort: 0,
      searchPort: 0,
      log,
    });
    const startMs = performance.now();
    await publish(root, run, count);
    // Nor the intervals of the buffers, once the last message is in.
    run.deliverAtOnce();
    const { result, isWhole } = await countAtTheEnd(run, count, startMs);
    await run.stop();
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else console.table(result);
    process.exitCode = isWhole ? 0 : 1;
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${printable(report(error))}\n`);
    process.exit(exitCodeOf(error));
  },
);
