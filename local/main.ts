/** `npm start`: runs the program of this folder on one machine until Ctrl-C. */
import { join, resolve } from "node:path";
import { exitCodeOf, report } from "./errors";
import { readFlags } from "./flags";
import { printable } from "./plain-text";
import { chooseStack } from "./plan/config";
import type { Plan } from "./plan/plan";
import { planOfProgram } from "./plan/plan-of-program";
import { readProject } from "./plan/project";
import type { LocalRun } from "./run";

async function main(): Promise<void> {
  const { json, data, program, standIn: standIns, ...flags } = readFlags(process.argv, process.exit);
  const folder = program === undefined ? resolve(__dirname, "..") : resolve(program);
  const stack = chooseStack(readProject(folder), flags.stack);
  const log = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
  // The program is evaluated in its own process while this one compiles the rooms.
  const plan = planOfProgram({ folder, stack, set: flags.set, standIns }, flags.fresh);
  plan.catch(() => {});
  const { startLocalRun } = await import("./run");
  const run = await startLocalRun({
    ...flags,
    plan,
    folder,
    stack,
    dataFolder: resolve(data ?? join(folder, ".local", stack)),
    log,
  });
  if (json) process.stdout.write(`${JSON.stringify(run.ready)}\n`);
  else announce(run, log);
  stopOnSignal(run, log);
}

function announce({ plan, ready, sendCommand }: LocalRun, log: (text: string) => void): void {
  log(`
  Dashboard   ${ready.dashboard}${ready.search === undefined ? "" : `\n  Search API  ${ready.search}`}
  Firehose    ${ready.firehose}   (stream ${ready.streamName})
  Data        ${ready.data}
  Transform   ${plan.chosenProcessor ?? plan.streams[0]?.processor?.name ?? "none"}, the text that would be uploaded

${objectFolders(plan, ready.data)}  Send some:  ${sendCommand}
  Stop:       Ctrl-C; what was accepted is kept for the next start
`);
}

/** Where objects of log buckets are laid. */
function objectFolders({ objectFunctions }: Plan, data: string): string {
  const sources = objectFunctions.flatMap((one) => one.sources);
  return sources
    .map(
      ({ bucketName, prefix }) =>
        `  Objects     ${join(data, "s3", bucketName, prefix)}   (files laid there are sent)\n`,
    )
    .join("");
}

function stopOnSignal(run: LocalRun, log: (text: string) => void): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    log("Stopping: delivering what waits. Ctrl-C again stops at once; nothing is lost either way.");
    run.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log(report(error));
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${printable(report(error))}\n`);
  process.exit(exitCodeOf(error));
});
