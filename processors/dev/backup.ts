/** Source records of the local run's newest backup object, to try a processor with what really came. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { errorOutputTypeSpellings } from "../../firehose/failed-record";

const failures = Object.values(errorOutputTypeSpellings).flat();

/** The first lines of the newest object below `folder`, and its path; undefined where there is none. */
export function lastBackup(folder: string, lines: number): { path: string; records: string[] } | undefined {
  if (!existsSync(folder)) return undefined;
  const objects = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /[/\\]s3[/\\]/.test(path) && !failures.some((name) => path.includes(name)))
    .map((path) => ({ path, ms: statSync(path).mtimeMs }))
    .sort((a, b) => b.ms - a.ms);
  const [newest] = objects;
  if (!newest) return undefined;
  const records = readFileSync(newest.path, "utf8").split("\n").filter(Boolean).slice(0, lines);
  return { path: newest.path, records };
}
