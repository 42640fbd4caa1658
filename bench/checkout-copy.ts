/** A copy of a checkout with caches of its own: a cold start is measured without taking anybody's cache away. */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const left = new Set(["node_modules", ".git", ".cache", ".local", "dist", "test"]);

/** The packages are linked one by one: what compilers keep among them stays in the copy. */
export function copyCheckout(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => resolve(path, "..") !== resolve(from) || !left.has(basename(path)),
  });
  const packages = join(from, "node_modules");
  mkdirSync(join(to, "node_modules"));
  for (const name of readdirSync(packages)) {
    if (name !== ".cache") symlinkSync(join(packages, name), join(to, "node_modules", name));
  }
}

export const forgetCaches = (copy: string): void =>
  rmSync(join(copy, "node_modules/.cache"), { recursive: true, force: true });
