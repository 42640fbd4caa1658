/** The command line of `npm run publish`, and what it asks for. */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { typedCommand } from "../typed/command";
import {
  allGiven,
  given,
  parseTime,
  type SharedOptions,
  wholeNumber,
  withSharedOptions,
} from "./command-line";
import { wrongUsage } from "./errors";
import { type Part, readContinuation } from "./parts";
import type { PublishOptions } from "./publish";
import { outermost } from "./records/json-elements";
import { sampleKinds } from "./records/samples";

interface Options extends SharedOptions, Pick<PublishOptions, "newline" | "inFlight" | "unsent" | "timeout"> {
  readonly file?: readonly string[];
  readonly follow?: readonly string[];
  readonly continue?: string;
  readonly sample?: string;
  readonly records?: string;
  readonly multiline?: string | true;
  readonly since?: number;
  readonly until?: number;
  readonly dryRun?: boolean;
}

export interface Asked {
  /** Nothing is sent: what is there is counted. */
  readonly dryRun: boolean;
  readonly shared: SharedOptions;
  readonly publish: PublishOptions;
}

const programOf = (): Command =>
  withSharedOptions(
    new Command(typedCommand("publish", ""))
      .description(
        'Sends N messages {"message":"hello world K"}, or the lines of files, to a Firehose delivery stream.',
      )
      .argument("[N]", "number of messages", wholeNumber("N", 0))
      .option(
        "--file <paths...>",
        "send the lines of these files, folders or s3://bucket/prefix (- = standard input; gzip and zstd are unpacked)",
        allGiven("--file"),
      )
      .option(
        "--since <time>",
        "with --file: only files and objects of this time or later, such as 2026-03-01T09:00Z, by name, else by their last change",
        parseTime("--since"),
      )
      .option("--until <time>", "with --file: only those of before this time", parseTime("--until"))
      .option("--dry-run", "with --file: send nothing, count files and bytes")
      .option(
        "--follow <files...>",
        "send the lines of these files as they grow, through rotation and restarts, until Ctrl-C",
        allGiven("--follow"),
      )
      .option(
        "--continue <file>",
        "go on where an interrupted run has ended: the file that it has named",
        given("--continue"),
      )
      .option("--sample <kind>", `send N invented records of this kind: ${sampleKinds.join(", ")}`)
      .option(
        "--records <key>",
        `files are JSON: send each element of this array, such as Records of CloudTrail; ${outermost} sends the file's own elements and objects`,
        given("--records"),
      )
      .option(
        "--multiline [pattern]",
        "join the lines of stack traces, or all up to the next line that matches, into one record",
      )
      .option("--no-newline", "add no newline to each record")
      .option(
        "--timeout <seconds>",
        "how long a batch is tried without success (with --follow for ever)",
        wholeNumber("--timeout", 0),
        300,
      )
      .option("--in-flight <calls>", "calls in flight at the most", wholeNumber("--in-flight", 1), 8)
      .option(
        "--unsent <file>",
        "where records that were not accepted go (default unsent-<time>.log)",
        given("--unsent"),
      ),
  );

/** Throws for wrong usage. @param nowMs milliseconds since 1970 */
export function readArguments(argv: readonly string[], projectDir: string, nowMs = Date.now()): Asked {
  const program = programOf();
  program.parse(argv);
  const options = program.opts<Options>();
  const messages: number | undefined = program.processedArgs[0];
  checkTogether(messages, options);
  const { newline, parts } =
    options.continue === undefined
      ? { newline: options.newline, parts: [partOf(messages, options, nowMs)] }
      : readContinuation(options.continue);
  const { follow, multiline, unsent, rate, inFlight } = options;
  const isDefault = program.getOptionValueSource("timeout") === "default";
  return {
    shared: options,
    dryRun: options.dryRun ?? false,
    publish: {
      parts,
      newline,
      inFlight,
      timeout: follow && isDefault ? Number.POSITIVE_INFINITY : options.timeout,
      stateDir: options.data ?? join(projectDir, ".local", options.stack ?? "dev"),
      ...(follow && { follow: follow.map((path) => resolve(path)) }),
      ...(multiline && { multiline }),
      ...(unsent !== undefined && { unsent }),
      ...(rate !== undefined && { rate }),
      ...(options.region !== undefined && { region: options.region }),
    },
  };
}

function checkTogether(messages: number | undefined, options: Options): void {
  const { file, follow, records, sample, multiline } = options;
  if (sample !== undefined && (messages === undefined || !sampleKinds.includes(sample))) {
    const got = messages === undefined ? `${sample} without a number of records` : sample;
    throw wrongUsage("--sample", got, `N --sample KIND, where KIND is one of ${sampleKinds.join(", ")}`);
  }
  const named = { N: messages, "--file": file, "--follow": follow, "--continue": options.continue };
  const given = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length !== 1) {
    const got = given.length === 0 ? "none of these" : given.join(" and ");
    throw wrongUsage("what to send", got, "a number of messages, or --file, --follow or --continue");
  }
  if (records !== undefined && !file) throw wrongUsage("--records", `no --file`, "with --file only");
  checkWindow(options);
  if (multiline !== undefined && ((!file && !follow) || records !== undefined))
    throw wrongUsage("--multiline", "no lines of files", "with --file or --follow, without --records");
  if (typeof multiline === "string") checkPattern(multiline);
  if (follow?.includes("-"))
    throw wrongUsage("--follow", "-", "files; standard input is sent as it comes by --file -");
}

function checkWindow({ file, since, until, dryRun }: Options): void {
  const named = { "--since": since, "--until": until, "--dry-run": dryRun };
  for (const [name, value] of Object.entries(named))
    if (value !== undefined && !file) throw wrongUsage(name, "no --file", "with --file only");
  if (since !== undefined && until !== undefined && since >= until) {
    const got = `${new Date(since).toISOString()} to ${new Date(until).toISOString()}`;
    throw wrongUsage("--since and --until", got, "an --until that is later than --since");
  }
}

function checkPattern(pattern: string): void {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    const why = (error as Error).message;
    throw wrongUsage("--multiline", pattern, `a regular expression of a record's first line (${why})`);
  }
}

function partOf(messages: number | undefined, options: Options, nowMs: number): Part {
  const { sample, file, records, multiline, since, until } = options;
  return {
    skip: 0,
    ...(messages !== undefined && { messages }),
    ...(sample !== undefined && { sample, endMs: nowMs }),
    ...(file && { file }),
    ...(since !== undefined && { sinceMs: since }),
    ...(until !== undefined && { untilMs: until }),
    ...(records !== undefined && { records }),
    ...(multiline && { multiline }),
  };
}
