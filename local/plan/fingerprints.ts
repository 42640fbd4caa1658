/** Short texts that differ where files or folders do. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

const hash = (data: Buffer | string): string => createHash("sha256").update(data).digest("base64url");

/** Of what is in a file; empty where it cannot be read. */
export function contentOf(path: string): string {
  try {
    return hash(readFileSync(path));
  } catch {
    return "";
  }
}

/** Of the names in a folder, those that begin with a dot left out: a run's own data are among them. */
export function listingOf(path: string): string {
  try {
    const names = readdirSync(path).filter((name) => !name.startsWith("."));
    return hash(JSON.stringify(names.sort()));
  } catch {
    return "";
  }
}
