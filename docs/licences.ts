/** Lists the licences of the installed packages: `npm run check:licences`. Exit code 1 for one that nobody has read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
}

/** Licences that let us use and pass the package on beside code under Apache-2.0. */
const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-3.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "PSF-2.0",
  "Python-2.0",
]);

/** Packages whose licence was read by a person, with what was found. */
const read: Readonly<Record<string, string>> = {
  "@logdna/tail-file": "MIT, in its file LICENSE",
  "axe-core": "MPL-2.0; a tool of the tests, neither changed nor passed on",
};

/** An SPDX expression: all sides of AND, one side of OR. */
export function isAllowed(expression: string): boolean {
  const words = expression.replace(/[()]/g, " ").trim();
  return words
    .split(/\s+AND\s+/)
    .every((part) => part.split(/\s+OR\s+/).some((licence) => allowed.has(licence.trim())));
}

const nameOf = (path: string): string => path.replace(/^.*node_modules\//, "");

/** Packages whose licence is neither allowed nor read, as "name version: licence". */
export function unknownLicences(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages)
    .filter(([path, { license = "" }]) => !isAllowed(license) && !Object.hasOwn(read, nameOf(path)))
    .map(([path, { version, license = "none" }]) => `${nameOf(path)} ${version}: ${license}`);
}

function main(): void {
  const lock = JSON.parse(readFileSync(join(__dirname, "../node_modules/.package-lock.json"), "utf8"));
  const packages = lock.packages as Record<string, LockedPackage>;
  const counts = new Map<string, number>();
  for (const { license = "none" } of Object.values(packages)) {
    counts.set(license, (counts.get(license) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  console.log(sorted.map(([licence, count]) => `${licence} ${count}`).join(", "));
  const unknown = unknownLicences(packages);
  for (const line of unknown) console.error(`${line}: not in the lists of docs/licences.ts`);
  process.exitCode = unknown.length === 0 ? 0 : 1;
}

if (require.main === module) main();
