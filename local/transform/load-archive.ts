/** Loads a function from the folder of its archive, as Lambda's Node runtime does: its own modules and no others. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire, isBuiltin, registerHooks } from "node:module";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface ArchiveSource {
  readonly root: string;
  readonly linked: readonly string[];
  /** Where packages are that Lambda's runtime brings: the first folder that has one. */
  readonly runtimeFolders: readonly string[];
}

/** A TypeScript compiler may not make this a `require`: an ES module may await while it is loaded. */
const importModule = new Function("url", "return import(url)") as (url: string) => Promise<unknown>;

/**
 * @param handler such as `src/index.handler`
 * @returns what the file exports under that name; `undefined` where it has none
 */
export async function loadHandler(source: ArchiveSource, handler: string): Promise<unknown> {
  keepInside(source);
  const file = basename(handler);
  const dot = file.indexOf(".");
  if (dot < 1) throw new Error(`Runtime.MalformedHandlerName: ${handler} is not FILE.EXPORT`);
  const path = resolve(source.root, dirname(handler), file.slice(0, dot));
  let found: unknown = await loadModule(path, file.slice(0, dot));
  for (const name of file.slice(dot + 1).split(".")) found = (found as Record<string, unknown>)?.[name];
  return found;
}

const endings = ["", ".js", ".mjs", ".cjs"];

async function loadModule(path: string, name: string): Promise<unknown> {
  const file = endings.map((ending) => path + ending).find((one) => existsSync(one));
  if (file === undefined) throw new Error(`Runtime.ImportModuleError: Cannot find module '${name}'`);
  return isEsModule(file)
    ? await importModule(pathToFileURL(file).href)
    : (createRequire(file)(file) as unknown);
}

function isEsModule(file: string): boolean {
  if (extname(file) !== ".js") return extname(file) === ".mjs";
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) {
      return (JSON.parse(readFileSync(manifest, "utf8")) as { type?: string }).type === "module";
    }
    if (folder === dirname(folder)) return false;
  }
}

/** What Lambda's Node runtimes bring beside Node's own modules. */
const runtimePackage = /^@(aws-sdk|smithy)\//;

/** A file of this machine that is not in the archive is not there on Lambda either. */
function keepInside({ root, linked, runtimeFolders }: ArchiveSource): void {
  const allowed = [root, ...linked].map((folder) => realpathSync(folder) + sep);
  const isInside = (url: string | undefined): boolean =>
    url?.startsWith("file:") === true &&
    allowed.some((folder) => realpathOf(fileURLToPath(url)).startsWith(folder));
  registerHooks({
    resolve(specifier, context, next) {
      if (isBuiltin(specifier) || !isInside(context.parentURL)) return next(specifier, context);
      const notFound = (): Error => {
        const hint = runtimePackage.test(specifier)
          ? "Lambda's runtime brings it, this machine does not: install it beside the program"
          : "it is not in the function's archive";
        return Object.assign(new Error(`Cannot find module '${specifier}': ${hint}.`), {
          code: "MODULE_NOT_FOUND",
        });
      };
      try {
        const found = next(specifier, context);
        if (isInside(found.url)) return found;
      } catch (error) {
        if (!/MODULE_NOT_FOUND/.test((error as { code?: string }).code ?? "")) throw error;
      }
      if (!runtimePackage.test(specifier)) throw notFound();
      for (const folder of runtimeFolders) {
        try {
          return next(specifier, { ...context, parentURL: pathToFileURL(join(folder, "index.js")).href });
        } catch {
          // Perhaps the next folder has it; else it is said.
        }
      }
      throw notFound();
    },
  });
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
