/** The packages that the text of a closure requires, and where they are. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { RunError } from "@pulumi/pulumi";

/**
 * Names of the packages that a text requires, in their order. Lambda's runtime has the AWS SDK.
 * @throws RunError for what no archive can hold
 */
export function requiredPackages(text: string): string[] {
  const names = new Set<string>();
  for (const [, name = ""] of text.matchAll(/\b(?:require|import)\(\s*["']([^"']+)["']\s*\)/g)) {
    if (isBuiltin(name) || /^@(?:aws-sdk|smithy)\//.test(name)) continue;
    if (/^[./]/.test(name)) {
      throw new RunError(
        `A processor requires ${JSON.stringify(name)} when it runs, and in Lambda it is alone. Import that file at the top of the module: then its text holds what it uses.`,
      );
    }
    if (name.startsWith("@pulumi/")) {
      throw new RunError(
        `A processor uses ${name} when it runs, where there is no Pulumi. Take the value out of it before, and let the processor capture the value.`,
      );
    }
    names.add(name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
  }
  return [...names];
}

interface Wanted {
  readonly name: string;
  /** Folder on the disk from which it is required. */
  readonly from: string;
  /** Path in the archive of the package that requires it; empty for the text itself. */
  readonly by: string;
  readonly isOptional: boolean;
}

/**
 * Folders on the disk by their path in the archive: the packages and what they depend on, whatever the layout of
 * node_modules is. A package that is there in two versions lies once at the top and once below who needs the other.
 * @param program folder from which the text's packages are required
 */
export function packageFolders(names: readonly string[], program: string): Map<string, string> {
  const folders = new Map<string, string>();
  const withAnother = new Set<string>();
  const queue: Wanted[] = names.map((name) => ({ name, from: program, by: "", isOptional: false }));
  for (let wanted = queue.shift(); wanted; wanted = queue.shift()) {
    const folder = folderOf(wanted);
    if (folder === undefined) continue;
    const { path, isInside } = placeOf(wanted, folder, folders);
    if (folders.has(path)) continue;
    folders.set(path, folder);
    if (isInside) withAnother.add(path);
    queue.push(...needsOf(folder, path));
  }
  for (const path of withAnother) folders.delete(path);
  return folders;
}

/** Below what holds it already, else at the top, else below who needs it. */
function placeOf({ name, by }: Wanted, folder: string, folders: ReadonlyMap<string, string>) {
  for (const [path, holder] of folders) {
    if (folder.startsWith(`${holder}${sep}node_modules${sep}`)) {
      return { path: `${path}/${relative(holder, folder).replaceAll(sep, "/")}`, isInside: true };
    }
  }
  const top = `node_modules/${name}`;
  const isFree = (folders.get(top) ?? folder) === folder;
  return { path: isFree ? top : `${by}/node_modules/${name}`, isInside: false };
}

function needsOf(folder: string, by: string): Wanted[] {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  const optional = { ...peerDependencies, ...optionalDependencies };
  return Object.keys({ ...dependencies, ...optional }).map((name) => ({
    name,
    from: folder,
    by,
    isOptional: name in optional,
  }));
}

/** As Node finds it: in the nearest node_modules, through links. */
function folderOf({ name, from, by, isOptional }: Wanted): string | undefined {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return realpathSync(found);
    if (folder === dirname(folder)) break;
  }
  if (isOptional) return undefined;
  const who = by === "" ? "A processor" : `The package ${by.replace(/.*node_modules\//, "")}`;
  throw new RunError(
    `${who} requires the package ${name}, which is not in ${from} or above. Run: npm install ${name}`,
  );
}
