/** The folder whose local run and whose stack's outputs are meant. */
import { join } from "node:path";

/** The checkout, or the folder in which the commands of the package are called (package/command.cjs). */
export const projectDir = process.env["FIREHOSE_OPENSEARCH_PROJECT"] || join(__dirname, "..");
