/** Where is kept what spares time at the next start: among the packages, as tools do it. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Of the program's packages, else of this project's; undefined where neither has any. */
export function cacheFolder(program: string): string | undefined {
  const packages = [join(program, "node_modules"), join(__dirname, "../../node_modules")].find((path) =>
    existsSync(path),
  );
  return packages === undefined ? undefined : join(packages, ".cache");
}
