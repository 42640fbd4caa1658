import { resolve } from "node:path";

/** The folder in which commands are typed, whatever program runs: the checkout, or the program that has the package. */
export const commandFolder = (): string =>
  process.env["FIREHOSE_OPENSEARCH_PROJECT"] || resolve(__dirname, "..");

/** How a person types a command: in a checkout, or with the package in the folder of a program (package/command.cjs). */
export function typedCommand(
  name: "start" | "demo" | "publish" | "replay",
  { hasFlags }: { readonly hasFlags: boolean },
): string {
  if (process.env["FIREHOSE_OPENSEARCH_PROJECT"]) return `npx firehose-opensearch ${name}`;
  return `${name === "start" ? "npm start" : `npm run ${name}`}${hasFlags ? " --" : ""}`;
}
