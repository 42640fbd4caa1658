/** `npm run publish -- …`: takes the command line, sends, says what became of every record. */
import { Command, CommanderError } from "commander";
import type { Batch } from "./batch";
import { connect } from "./connection";
import { exitCodes, PublisherError, wrongUsage } from "./errors";
import { helloBatches } from "./hello";
import { startProgress } from "./progress";
import { describeReport, type Report } from "./report";
import { type SendOptions, sendAll } from "./send";
import { resolveTarget, type Target, type TargetOptions } from "./target";
import { UnsentFile } from "./unsent";

interface Options extends TargetOptions {
  readonly newline: boolean;
  readonly timeout: number;
  readonly inFlight: number;
  readonly unsent?: string;
  readonly json?: boolean;
}

const program = new Command("publish")
  .description('Sends N messages {"message":"hello world K"}.')
  .argument("[N]", "number of messages", wholeNumber("N", 0))
  .option("--stream <name or ARN>", "delivery stream")
  .option("--stack <name>", "stack whose local run or outputs are taken", "dev")
  .option("--data <folder>", "data folder of the local run (default .local/<stack>)")
  .option("--local", "only the local run")
  .option("--aws", "never the local run")
  .option("--region <name>", "AWS region")
  .option("--no-newline", "add no newline to each record")
  .option("--timeout <seconds>", "how long a batch is tried", wholeNumber("--timeout", 0), 300)
  .option("--in-flight <calls>", "calls in flight at the most", wholeNumber("--in-flight", 1), 8)
  .option("--unsent <file>", "where records that were not accepted go (default unsent-<time>.log)")
  .option("--json", "print the summary as one line of JSON")
  .exitOverride();

async function main(argv: readonly string[]): Promise<number> {
  program.parse(argv);
  const options = program.opts<Options>();
  const total: number | undefined = program.processedArgs[0];
  if (total === undefined) throw wrongUsage("what to send", "nothing", "a number of messages");
  const target = await resolveTarget(options);
  process.stderr.write(`sending to ${target.description}\n`);
  const report = await publish(target, helloBatches(total, options.newline), total, options);
  for (const line of describeReport(report)) process.stderr.write(`${line}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.unsent + report.refused > 0 || report.stopped ? exitCodes.notAccepted : exitCodes.accepted;
}

async function publish(
  target: Target,
  source: Iterable<Batch> | AsyncIterable<Batch>,
  total: number | undefined,
  options: Options,
): Promise<Report> {
  const startedMs = performance.now();
  const unsent = new UnsentFile(options.unsent);
  const progress = startProgress(total);
  const connection = connect(target);
  const sending: SendOptions = {
    inFlight: options.inFlight,
    timeoutMs: options.timeout * 1000,
    repeatable: true,
    onProgress: progress.update,
    onUnsent: (batch) => unsent.write(batch),
  };
  try {
    const summary = await sendAll(connection.put, source, sending);
    const seconds = (performance.now() - startedMs) / 1000;
    if (summary.stopped && summary.accepted === 0) unsent.discard();
    const saved = unsent.path === undefined ? {} : { unsentFile: unsent.path };
    return {
      ...summary,
      refused: 0,
      seconds,
      streamName: target.streamName,
      target: target.description,
      ...saved,
    };
  } finally {
    progress.stop();
    connection.close();
    unsent.close();
  }
}

function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || !Number.isSafeInteger(value)) {
      throw wrongUsage(name, text, `a whole number from ${least} on`);
    }
    return value;
  };
}

main(process.argv).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
    } else if (error instanceof PublisherError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    } else throw error;
  },
);
