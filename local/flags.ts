/** What may be said behind `npm start --`. */
import { Command, InvalidArgumentError, Option } from "commander";
import { typedCommand } from "../typed/command";

export interface Flags {
  /** Folder of another program's Pulumi.yaml. @default this project's own */
  readonly program?: string;
  /** @default dev, or the only stack there is */
  readonly stack?: string;
  readonly firehosePort: number;
  readonly dashboardPort: number;
  /** @default 9200 where it is free, else any */
  readonly searchPort?: number;
  readonly host?: string;
  readonly data?: string;
  readonly opensearch?: string;
  readonly queryTimeoutSeconds: number;
  readonly set: string[];
  /** What stands in for what AWS or another stack would answer, each NAME=JSON. */
  readonly standIn: string[];
  /** Evaluates the program even where nothing has changed since the last start. */
  readonly fresh: boolean;
  /** Reads the program again when a file of it is saved. */
  readonly watch: boolean;
  /** Port where a debugger finds the first function. @default no debugger is let in */
  readonly inspect?: number;
  /** The same, where a function is loaded when a debugger has come. */
  readonly inspectWait?: number;
  readonly json: boolean;
}

/** A user's mistake in what is typed, also where it shows only when it is tried. */
export const wrongUsage = 2;

const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError("Allowed are 0 (any free port) to 65535.");
  }
  return Number(text);
};

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 3600)) throw new InvalidArgumentError("Allowed are 0.1 to 3600 seconds.");
  return value;
};

/** Not an empty text, which is a variable that is not set. */
const given = (text: string): string => {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty. Give a value, or leave the flag out.");
  return text;
};

const inspectOption = (flags: string, what: string): Option =>
  new Option(flags, what).preset("9229").argParser(port);

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Which program a command runs, and with what. */
export const runOptions = {
  program: new Option(
    "--program <folder>",
    "run the Pulumi program of this folder (default: this project's own)",
  ).argParser(given),
  stack: new Option(
    "--stack <name>",
    "the stack whose Pulumi.<name>.yaml is read (default: dev, or the only one)",
  ).argParser(given),
  opensearch: new Option(
    "--opensearch <url>",
    "deliver to this OpenSearch instead of the embedded index",
  ).argParser(given),
  set: new Option(
    "--set <key=value>",
    "a setting that wins over the stack's file; may be repeated",
  ).argParser(collect),
  standIn: new Option(
    "--stand-in <name=json>",
    "an answer in place of AWS or another stack; may be repeated",
  ).argParser(collect),
};

/** Not told to commander, whose help would say of each that it is false or empty. */
const unlessGiven = { set: [], standIn: [], fresh: false, watch: false, json: false };

/**
 * @param argv as `process.argv`
 * @param exit ends the process, after --help or a mistake that is printed already
 */
export function readFlags(argv: readonly string[], exit: (code: number) => never): Flags {
  const options = new Command(typedCommand("start", ""))
    .description("Runs the stack on this machine: Firehose endpoint, transform, index, backup and dashboard.")
    .addOption(runOptions.program)
    .addOption(runOptions.stack)
    .option("--firehose-port <port>", "port of the Firehose endpoint, 0 = any free one", port, 4573)
    .option("--dashboard-port <port>", "port of the dashboard, 0 = any free one", port, 5601)
    .option("--search-port <port>", "port of the search API (default: 9200 if it is free)", port)
    .option("--host <address>", "address to listen on; others than 127.0.0.1 open it to the network", given)
    .option("--data <folder>", "where everything is kept (default: .local/<stack> beside the program)", given)
    .addOption(runOptions.opensearch)
    .option("--query-timeout-seconds <s>", "longest time of a query; then its part is shown", seconds, 10)
    .addOption(runOptions.set)
    .addOption(runOptions.standIn)
    .option("--fresh", "evaluate the program though nothing of it has changed")
    .option("--watch", "replace the functions when a file of the program is saved")
    .addOption(inspectOption("--inspect [port]", "let a debugger into the functions, at this port"))
    .addOption(inspectOption("--inspect-wait [port]", "the same, and wait for it before they are loaded"))
    .option("--json", "print one line of JSON when ready")
    .allowExcessArguments(false)
    .showHelpAfterError(`See ${typedCommand("start", "")} --help`)
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride((error) => exit(error.exitCode === 0 ? 0 : wrongUsage))
    .parse(argv)
    .opts<Flags>();
  return { ...unlessGiven, ...options };
}
