/** `npm start`: runs the program of this folder on one machine until Ctrl-C. */
import { join, resolve } from "node:path";
import { goWhereTyped } from "../typed/command";
import { systemClock } from "./clock";
import { exitCodeOf, report } from "./errors";
import { readFlags } from "./flags";
import { printable } from "./plain-text";
import { chooseStack } from "./plan/config";
import type { Plan } from "./plan/plan";
import { planOfProgram } from "./plan/plan-of-program";
import { readProject } from "./plan/project";
import type { LocalRun } from "./run";

async function main(): Promise<void> {
  goWhereTyped();
  const {
    json,
    data,
    program,
    standIn: standIns,
    watch,
    inspect,
    inspectWait,
    ...flags
  } = readFlags(process.argv, process.exit);
  const folder = program === undefined ? resolve(__dirname, "..") : resolve(program);
  const stack = chooseStack(readProject(folder), flags.stack);
  const log = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
  const inspectPort = inspectWait ?? inspect;
  const sourceMaps = inspectPort !== undefined;
  // The program is evaluated in its own process while this one compiles the rooms.
  const options = { folder, stack, set: flags.set, standIns, sourceMaps };
  let sources: readonly string[] = [];
  const evaluate = (onSources?: typeof keepSources): Promise<Plan> =>
    planOfProgram(options, flags.fresh, onSources);
  const keepSources = (paths: readonly string[]): void => {
    sources = paths;
  };
  const plan = evaluate(watch ? keepSources : undefined);
  plan.catch(() => {});
  const { startLocalRun } = await import("./run");
  const run = await startLocalRun({
    ...flags,
    plan,
    probe: true,
    stack,
    dataFolder: resolve(data ?? join(folder, ".local", stack)),
    inspect: sourceMaps ? { port: inspectPort, waits: inspectWait !== undefined } : undefined,
    log,
  });
  if (json) process.stdout.write(`${JSON.stringify(run.ready)}\n`);
  else announce(run, log);
  const watching = new AbortController();
  stopOnSignal(run, log, () => watching.abort());
  if (!watch) return;
  log("watch: functions are replaced when a file of the program is saved.");
  const { watchProgram } = await import("./watch-program");
  const changes = { plan: run.plan, sources, evaluate, reload: run.reload, report, log, clock: systemClock };
  await watchProgram(changes, watching.signal);
}

function announce({ plan, ready, sendCommand }: LocalRun, log: (text: string) => void): void {
  log(`
  Dashboard   ${ready.dashboard}${ready.search === undefined ? "" : `\n  Search API  ${ready.search}`}
  Firehose    ${ready.firehose}
${streamLines(plan)}  Data        ${ready.data}

${objectFolders(plan, ready.data)}  Send some:  ${sendCommand}
  Stop:       Ctrl-C; what was accepted is kept for the next start
`);
}

/** Each stream with what transforms its records. */
function streamLines({ streams, chosenProcessor }: Plan): string {
  const widest = Math.max(...streams.map(({ deliveryStreamName }) => deliveryStreamName.length));
  const lines = streams.map(({ deliveryStreamName, processor }) => {
    const own = processor && (streams.length === 1 && chosenProcessor ? chosenProcessor : processor.name);
    return `${deliveryStreamName.padEnd(widest)}   ${own ? `through ${own}` : "as it comes"}\n`;
  });
  return `  ${streams.length === 1 ? "Stream " : "Streams"}     ${lines.join(" ".repeat(14))}`;
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

function stopOnSignal(run: LocalRun, log: (text: string) => void, onStop: () => void): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    onStop();
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
