/** Where and how a person types this project's commands: in a checkout, or with the package in the folder of a program. */
import { resolve } from "node:path";

/** Set by package/command.cjs; it is asked at each call, as tests are both. */
const programOfPackage = (): string | undefined => process.env["FIREHOSE_OPENSEARCH_PROJECT"] || undefined;

/** The folder in which commands are typed, whatever program runs: the checkout, or the program that has the package. */
export const commandFolder = (): string => programOfPackage() ?? resolve(__dirname, "..");

/** @param flags what comes behind it; empty: somebody else writes them behind it. @default none come */
export function typedCommand(name: "start" | "demo" | "publish" | "replay", flags?: string): string {
  const script = name === "start" ? "npm start" : `npm run ${name}`;
  const inCheckout = flags === undefined ? script : `${script} --`;
  const command = programOfPackage() === undefined ? inCheckout : `npx firehose-opensearch ${name}`;
  return flags ? `${command} ${flags}` : command;
}

/** As a shell takes one word. */
export const typedWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const scriptsWithFiles = ["start", "demo", "publish", "replay"];

/**
 * npm runs a script in the package's own folder, wherever it was typed: from here on names of files are those of the folder in
 * which it was typed. What such a script starts is told all names whole, and stays where it was put.
 */
export function goWhereTyped(env: Readonly<Record<string, string | undefined>> = process.env): void {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = env;
  const isOurs =
    script !== undefined && scriptsWithFiles.includes(script) && process.cwd() === commandFolder();
  if (isOurs && folder) process.chdir(folder);
}
