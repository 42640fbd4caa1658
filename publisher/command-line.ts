/** What the commands that send have in common: options, Ctrl-C, exit codes. */
import { type Command, CommanderError, Option } from "commander";
import { exitCodes, oneLine, PublisherError, printable, wrongUsage } from "./errors";
import type { TargetOptions } from "./target";

/** The options that {@link withSharedOptions} adds. */
export interface SharedOptions extends TargetOptions {
  /** Records per second at the most. */
  readonly rate?: number;
  readonly json?: boolean;
}

/** Where records go, how fast, and how the end is told. */
export const withSharedOptions = (program: Command): Command =>
  program
    .option("--stream <name or ARN>", "delivery stream", given("--stream"))
    .option("--stack <name>", "stack whose local run or outputs are taken", given("--stack"), "dev")
    .option("--data <folder>", "data folder of the local run (default .local/<stack>)", given("--data"))
    .option("--local", "only the local run")
    .addOption(new Option("--aws", "never the local run").conflicts("local"))
    .option("--region <name>", "AWS region", given("--region"))
    .option("--rate <records>", "records per second at the most", wholeNumber("--rate", 1))
    .option("--json", "print the result as one line of JSON")
    .configureOutput({ writeErr: (text) => say(text.trimEnd()) })
    .exitOverride();

/** A line for people; standard output is for machines. */
export const say = (text: string): void => {
  process.stderr.write(`${printable(text)}\n`);
};

/** An empty text is a variable that is not set: it would be another folder, or a stream without a name. */
export function given(option: string): (text: string) => string {
  return (text) => {
    if (text.trim() === "") throw wrongUsage(option, "an empty text", "a value, or leave it out");
    return text;
  };
}

/** The same of an option that takes several. */
export function allGiven(option: string): (text: string, before?: readonly string[]) => readonly string[] {
  const check = given(option);
  return (text, before = []) => [...before, check(text)];
}

export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || !Number.isSafeInteger(value)) {
      throw wrongUsage(name, text, `a whole number from ${least} on`);
    }
    return value;
  };
}

/** A time of the command line: `2026-03-01`, `2026-03-01T09:00Z`; without a zone it is UTC. */
export function parseTime(option: string): (text: string) => number {
  return (text) => {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`;
    const ms = Date.parse(zoned);
    if (Number.isNaN(ms)) throw wrongUsage(option, text, "a time such as 2026-03-01T09:00Z");
    return ms;
  };
}

/**
 * The first Ctrl-C ends in good order, the second at once.
 * @param rest what becomes of what is not sent then
 */
export function stopOnInterrupt(rest: string): AbortSignal {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(exitCodes.notAccepted);
    say(`stopping: calls in flight end, ${rest}; once more stops at once`);
    stop.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return stop.signal;
}

/** Runs a command and makes its end the process's exit code; only a defect of this program prints a stack. */
export async function runCommand(command: (argv: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
    else if (error instanceof PublisherError) {
      say(error.message);
      process.exitCode = error.exitCode;
    } else if (isOfTheWorld(error)) {
      say(oneLine(error));
      process.exitCode = exitCodes.notAccepted;
    } else throw error;
  } finally {
    // Signal handlers and an endless standard input would keep the process; its work is done.
    process.stdin.destroy();
  }
}

/** What the operating system or AWS answered, in contrast to a defect of this program. */
function isOfTheWorld(error: unknown): boolean {
  const { code, $metadata, $fault } = (error ?? {}) as {
    code?: unknown;
    $metadata?: unknown;
    $fault?: unknown;
  };
  return typeof code === "string" || $metadata !== undefined || $fault !== undefined;
}
