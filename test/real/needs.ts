/** What a test needs of the machine, beyond npm. */
import type { Context } from "mocha";

/**
 * Ends the hook or test that calls it where something is missing: skipped with its reason, but failed on CI.
 * @param missing why it cannot run here; undefined: it can
 */
export function needs(context: Context, missing: string | undefined): void {
  if (missing === undefined) return;
  if (process.env["CI"] === "true") throw new Error(missing);
  console.log(`      skipped: ${missing}`);
  context.skip();
}
