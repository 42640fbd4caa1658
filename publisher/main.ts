/** `npm run publish -- …`: takes the command line, sends, says what became of every record. */
import { Command, CommanderError } from "commander";
import { exitCodes, PublisherError, wrongUsage } from "./errors";
import { type PublishOptions, publish } from "./publish";
import { describeReport } from "./report";
import { sampleKinds } from "./samples";
import { resolveTarget, type TargetOptions } from "./target";

type Options = TargetOptions & Omit<PublishOptions, "signal" | "messages"> & { readonly json?: boolean };

const program = new Command("publish")
  .description(
    'Sends N messages {"message":"hello world K"}, or the lines of files, to a Firehose delivery stream.',
  )
  .argument("[N]", "number of messages", wholeNumber("N", 0))
  .option(
    "--file <paths...>",
    "send the lines of these files or folders (- = standard input; .gz and .zst are unpacked)",
  )
  .option("--sample <kind>", `send N invented records of this kind: ${sampleKinds.join(", ")}`)
  .option("--records <key>", "files are JSON: send each element of this array, such as Records of CloudTrail")
  .option("--no-newline", "add no newline to each record")
  .option("--stream <name or ARN>", "delivery stream")
  .option("--stack <name>", "stack whose local run or outputs are taken", "dev")
  .option("--data <folder>", "data folder of the local run (default .local/<stack>)")
  .option("--local", "only the local run")
  .option("--aws", "never the local run")
  .option("--region <name>", "AWS region")
  .option("--rate <records>", "records per second at the most", wholeNumber("--rate", 1))
  .option(
    "--timeout <seconds>",
    "how long a batch is tried without success",
    wholeNumber("--timeout", 0),
    300,
  )
  .option("--in-flight <calls>", "calls in flight at the most", wholeNumber("--in-flight", 1), 8)
  .option("--unsent <file>", "where records that were not accepted go (default unsent-<time>.log)")
  .option("--json", "print the summary as one line of JSON")
  .exitOverride();

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function main(argv: readonly string[]): Promise<number> {
  program.parse(argv);
  const { json, ...options } = program.opts<Options>();
  const messages: number | undefined = program.processedArgs[0];
  if ((messages === undefined) === (options.file === undefined)) {
    const got = messages === undefined ? "neither N nor --file" : "both N and --file";
    throw wrongUsage("what to send", got, "a number of messages, or --file with paths");
  }
  if (options.sample !== undefined && (options.file || !sampleKinds.includes(options.sample)))
    throw wrongUsage("--sample", options.sample, `${sampleKinds.join(", ")}, with a number of records`);
  if (options.records !== undefined && !options.file)
    throw wrongUsage("--records", "no --file", "with --file only");
  const target = await resolveTarget(options);
  say(`sending to ${target.description}`);
  const signal = stopOnInterrupt();
  const report = await publish(
    target,
    { ...options, signal, ...(messages !== undefined && { messages }) },
    say,
  );
  for (const line of describeReport(report)) say(line);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  const whole = report.unsent + report.refused + report.problems.length === 0 && !report.stopped;
  return whole ? exitCodes.accepted : exitCodes.notAccepted;
}

/** The first Ctrl-C ends in good order, the second at once. */
function stopOnInterrupt(): AbortSignal {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(exitCodes.notAccepted);
    say("stopping: calls in flight end, the rest is saved; once more stops at once");
    stop.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return stop.signal;
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
    // Signal handlers and an endless standard input would keep the process; its work is done.
    process.stdin.destroy();
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stdin.destroy();
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
    } else if (error instanceof PublisherError) {
      say(error.message);
      process.exitCode = error.exitCode;
    } else throw error;
  },
);
