/** Plans of earlier starts. One is taken for as long as nothing has changed that its evaluation depended on. */
import { createHash, hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { cacheFolder } from "./cache-folder";
import type { EvaluateOptions } from "./evaluate";
import { type Evidence, isPackages } from "./evidence";
import { contentOf, listingOf } from "./fingerprints";
import type { Plan } from "./plan";

interface Kept {
  readonly plan: Plan;
  readonly evidence: Evidence;
}

const digestBytes = 32;
const digestOf = (body: Buffer): Buffer => createHash("sha256").update(body).digest();

/** Where the plan of these options is kept; undefined where nothing can be. */
export function keptFile({ folder, ...options }: EvaluateOptions): string | undefined {
  const cache = cacheFolder(folder);
  if (cache === undefined) return undefined;
  const { stack = "", set = [], standIns = [], sourceMaps = false } = options;
  const { version, arch, platform } = process;
  const key = JSON.stringify([folder, stack, set, standIns, sourceMaps, version, arch, platform]);
  return join(cache, "firehose-opensearch", `${hash("sha256", key, "hex")}.plan`);
}

/**
 * The kept plan; undefined where there is none, something has changed, or the file is damaged.
 * @param onSources told of the files that it came from, those of packages left out
 */
export function readKept(
  file: string,
  onSources: (paths: readonly string[]) => void = () => {},
): Plan | undefined {
  try {
    const content = readFileSync(file);
    const body = content.subarray(digestBytes);
    if (!digestOf(body).equals(content.subarray(0, digestBytes))) return undefined;
    const { plan, evidence } = deserialize(body) as Kept;
    if (!isSame(evidence)) return undefined;
    onSources(Object.keys(evidence.files).filter((path) => !isPackages(path)));
    return plan;
  } catch {
    // There is none, or nobody can read it: then the program is evaluated.
    return undefined;
  }
}

function isSame({ files, folders, paths, environment }: Evidence): boolean {
  return (
    Object.entries(environment).every(([name, value]) => process.env[name] === value) &&
    Object.entries(paths).every(([path, there]) => existsSync(path) === there) &&
    Object.entries(folders).every(([path, listing]) => listingOf(path) === listing) &&
    Object.entries(files).every(([path, content]) => contentOf(path) === content)
  );
}

/** Whole or not at all; where nothing can be written, the next start evaluates again. It may hold passwords. */
export function keep(file: string, kept: Kept): void {
  const body = serialize(kept);
  const part = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(part, Buffer.concat([digestOf(body), body]), { mode: 0o600 });
    renameSync(part, file);
  } catch {
    if (existsSync(part)) rmSync(part, { force: true });
  }
}
