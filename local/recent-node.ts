/** Loaded before all that needs a recent Node, whose absence would be told as a module that is not found. */
import { oldNode } from "./errors";

/** @param version such as `24.1.0` @throws UserError for one before 24 */
export function refuseOldNode(version: string): void {
  if (Number.parseInt(version, 10) < 24) throw oldNode(version);
}

refuseOldNode(process.versions.node);
