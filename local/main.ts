/** `npm start`: runs the program of this folder on one machine until Ctrl-C. */
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { report } from "./errors";
import { printable } from "./plain-text";
import { evaluateApart } from "./plan/evaluate-apart";
import type { LocalRun } from "./run";

interface Flags {
  readonly stack: string;
  readonly firehosePort: number;
  readonly dashboardPort: number;
  readonly host?: string;
  readonly data?: string;
  readonly opensearch?: string;
  readonly queryTimeoutSeconds: number;
  readonly set: string[];
  readonly json: boolean;
}

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError("Allowed are 0 (any free port) to 65535.");
  }
  return value;
};

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 3600)) throw new InvalidArgumentError("Allowed are 0.1 to 3600 seconds.");
  return value;
};

const collect = (text: string, before: string[]): string[] => [...before, text];

function readFlags(): Flags {
  return new Command("npm start --")
    .description("Runs the stack on this machine: Firehose endpoint, transform, index, backup and dashboard.")
    .option("--stack <name>", "the stack whose Pulumi.<name>.yaml is read", "dev")
    .option("--firehose-port <port>", "port of the Firehose endpoint, 0 = any free one", port, 4573)
    .option("--dashboard-port <port>", "port of the dashboard, 0 = any free one", port, 5601)
    .option("--host <address>", "address to listen on; others than 127.0.0.1 open it to the network")
    .option("--data <folder>", "where everything is kept (default: .local/<stack>)")
    .option("--opensearch <url>", "deliver to this OpenSearch instead of the embedded index")
    .option("--query-timeout-seconds <s>", "longest time of a query; then its part is shown", seconds, 10)
    .option("--set <key=value>", "a setting that wins over the stack's file; may be repeated", collect, [])
    .option("--json", "print one line of JSON when ready", false)
    .allowExcessArguments(false)
    .showHelpAfterError("See npm start -- --help")
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse()
    .opts<Flags>();
}

async function main(): Promise<void> {
  const { json, stack, data, ...flags } = readFlags();
  const folder = resolve(__dirname, "..");
  const log = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
  // The program is evaluated in its own process while this one compiles the rooms.
  const plan = evaluateApart({ folder, stack, set: flags.set });
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

function announce({ plan, ready }: LocalRun, log: (text: string) => void): void {
  const { stream } = plan;
  log(`
  Dashboard   ${ready.dashboard}
  Firehose    ${ready.firehose}   (stream ${ready.streamName})
  Data        ${ready.data}
  Transform   ${stream.processor?.name ?? "none"}, the text that would be uploaded

  Send some:  npm run publish -- 1000
  Stop:       Ctrl-C; what was accepted is kept for the next start
`);
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
  process.exit(1);
});
