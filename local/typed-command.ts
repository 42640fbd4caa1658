/** How a person types a command: in a checkout, or with the package in the folder of a program (package/command.cjs). */
export function typedCommand(
  name: "start" | "demo" | "publish" | "replay",
  { hasFlags }: { readonly hasFlags: boolean },
): string {
  if (process.env["FIREHOSE_OPENSEARCH_PROJECT"]) return `npx firehose-opensearch ${name}`;
  return `${name === "start" ? "npm start" : `npm run ${name}`}${hasFlags ? " --" : ""}`;
}
