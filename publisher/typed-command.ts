/** How a person types a command: in a checkout, or with the package in the folder of a program (package/command.cjs). */
const inPackage = (): boolean => Boolean(process.env["FIREHOSE_OPENSEARCH_PROJECT"]);

export const startCommand = (): string => (inPackage() ? "npx firehose-opensearch start" : "npm start");
export const publishCommand = (): string =>
  inPackage() ? "npx firehose-opensearch publish" : "npm run publish";
/** With what comes in front of its flags. */
export const publishWith = (flags: string): string =>
  `${publishCommand()}${inPackage() ? "" : " --"} ${flags}`;
