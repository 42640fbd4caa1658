/** Starts a worker thread on a TypeScript file with code that this thread has compiled, or that the package holds. */
import { existsSync } from "node:fs";
import Module from "node:module";
import { dirname, extname, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** By path, of a file and of all files of this project that it loads. */
type Codes = ReadonlyMap<string, string>;

const known = new Map<string, Codes>();

function codesOf(entry: string): Codes {
  // In the package there is no compiler, and nothing to compile.
  const { compile } = require("../register.cjs") as typeof import("../register.cjs");
  const codes = new Map<string, string>();
  const add = (file: string): void => {
    if (codes.has(file)) return;
    // Each thread gets a copy, and most of it would be the source map, which a thread does not read.
    const code = compile(file).replace(/^\/\/# sourceMappingURL=.*$/m, "");
    codes.set(file, code);
    for (const [, name] of code.matchAll(/require\("(\.[^"]*)"\)/g)) {
      const path = resolve(dirname(file), name as string);
      const found = [path, `${path}.ts`].find((one) => /\.(ts|peggy)$/.test(one) && existsSync(one));
      if (found !== undefined) add(found);
    }
  };
  add(entry);
  return codes;
}

/** Runs in the worker: this project's files come from the map, all else from where it always comes. */
const BOOTSTRAP = `
const { workerData } = require("node:worker_threads");
const Module = require("node:module");
if (workerData.cacheFolder) Module.enableCompileCache(workerData.cacheFolder);
const load = (module, file) => module._compile(workerData.codes.get(file), file);
Module._extensions[".ts"] = load;
Module._extensions[".peggy"] = load;
Module.createRequire(workerData.file)(workerData.file);
// A thread is mostly ended from outside, and would write nothing then.
if (workerData.cacheFolder) Module.flushCompileCache();
`;

/** `data` is what the file finds as `workerData.data`. */
export function startTypeScriptWorker(file: string, data: unknown, options: WorkerOptions = {}): Worker {
  // The flag that `npm start` has for its own thread wins over what a thread is given for its young generation.
  setFlagsFromString("--max-semi-space-size=0");
  // Of objects that outlive a collection once, because a batch was in work, V8 would lay all later ones into the old
  // generation, where they keep what they refer to until a full collection.
  setFlagsFromString("--no-allocation-site-pretenuring");
  if (extname(__filename) === ".js") {
    const built = file.replace(/\.ts$/, ".js");
    return new Worker(built, { execArgv: [], ...options, workerData: { data } });
  }
  const codes = known.get(file) ?? codesOf(file);
  known.set(file, codes);
  const ownCache = Module.getCompileCacheDir();
  const workerData = { file, codes, data, cacheFolder: ownCache && dirname(ownCache) };
  return new Worker(BOOTSTRAP, { execArgv: [], ...options, eval: true, workerData });
}
