/** The command line of `npm run dev`. */
import { processorChain } from "../index";

export interface Asked {
  /** A processor, or several joined by commas. */
  readonly name: string;
  /** Not again at each save. */
  readonly once: boolean;
  /** What becomes of the records is written into the fixtures. */
  readonly write: boolean;
}

/** What is printed instead, and what the command ends with then. */
export interface Answer {
  readonly text: string;
  readonly exitCode: 0 | 2;
}

const usage = `Usage: npm run dev -- processor NAME [--once | --write]

Runs a processor's fixtures and a sample of the last backup, and again at each save.
  --once   runs them once; the exit code is 1 where a fixture's record became something else
  --write  writes what became of them into the .out.jsonl files, for review
`;

const options = ["--once", "--write"];

export function readArguments(argv: readonly string[]): Asked | Answer {
  if (argv.some((word) => word === "--help" || word === "-h")) return { text: usage, exitCode: 0 };
  const [what, name, ...rest] = argv;
  if (what !== "processor" || !name) return { text: usage, exitCode: 2 };
  const wrong = rest.find((word) => !options.includes(word));
  if (wrong !== undefined)
    return { text: `"${wrong}" is no option; known are ${options.join(", ")}\n`, exitCode: 2 };
  const chain = processorChain(name);
  if (typeof chain === "string") return { text: `${chain}\n`, exitCode: 2 };
  return { name, once: rest.includes("--once"), write: rest.includes("--write") };
}
