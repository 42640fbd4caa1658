/** `npm run publish -- …`: takes the command line, sends, says what became of every record. */
import "./young-generation";
import { Command } from "commander";
import {
  runCommand,
  type SharedOptions,
  say,
  stopOnInterrupt,
  wholeNumber,
  withSharedOptions,
} from "./command-line";
import { exitCodes, jsonLine, wrongUsage } from "./errors";
import { type PublishOptions, publish } from "./publish";
import { sampleKinds } from "./records/samples";
import { describeReport } from "./report";
import { resolveTarget } from "./target";

type Options = SharedOptions & Omit<PublishOptions, "signal" | "messages">;

const program = withSharedOptions(
  new Command("publish")
    .description(
      'Sends N messages {"message":"hello world K"}, or the lines of files, to a Firehose delivery stream.',
    )
    .argument("[N]", "number of messages", wholeNumber("N", 0))
    .option(
      "--file <paths...>",
      "send the lines of these files or folders (- = standard input; .gz and .zst are unpacked)",
    )
    .option("--sample <kind>", `send N invented records of this kind: ${sampleKinds.join(", ")}`)
    .option(
      "--records <key>",
      "files are JSON: send each element of this array, such as Records of CloudTrail; . sends the file's own objects and elements",
    )
    .option("--no-newline", "add no newline to each record")
    .option(
      "--timeout <seconds>",
      "how long a batch is tried without success",
      wholeNumber("--timeout", 0),
      300,
    )
    .option("--in-flight <calls>", "calls in flight at the most", wholeNumber("--in-flight", 1), 8)
    .option("--unsent <file>", "where records that were not accepted go (default unsent-<time>.log)"),
);

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
  const signal = stopOnInterrupt("the rest is saved");
  const report = await publish(
    target,
    { ...options, signal, ...(messages !== undefined && { messages }) },
    say,
  );
  for (const line of describeReport(report)) say(line);
  if (json) process.stdout.write(jsonLine(report));
  const whole = report.unsent + report.refused + report.problems.length === 0 && !report.stopped;
  return whole ? exitCodes.accepted : exitCodes.notAccepted;
}

void runCommand(main);
