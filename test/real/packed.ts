/** The package as others have it: packed once for all suites, and installed beside Pulumi into an empty folder. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = resolve(__dirname, "../..");
const { devDependencies } = require("../../package.json") as { devDependencies: Record<string, string> };

/** A package of this checkout's own tools, at their version. */
export const atOurVersion = (name: string): string => `${name}@${devDependencies[name]}`;

export const install = (folder: string, ...what: string[]) =>
  run("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", ...what], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  });

async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  await run("npm", ["pack", "--pack-destination", folder], { cwd: root, maxBuffer: 2 ** 26 });
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
}

let packed: Promise<string> | undefined;

/** @returns a folder with a package.json and the package in its node_modules, the caller's to remove */
export async function folderWithPackage(...more: string[]): Promise<string> {
  packed ??= pack();
  const tarball = await packed;
  const folder = mkdtempSync(join(tmpdir(), "package-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true }));
  const pulumi = ["@pulumi/pulumi", "@pulumi/aws", "@pulumi/random"].map(atOurVersion);
  await install(folder, tarball, ...pulumi, ...more);
  return folder;
}
