/** Starts a worker thread on a TypeScript file with code that this thread has compiled, or that the package holds. */
import { existsSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";

const compiled = new Map<string, string>();

/** The code of a file and of all files of this project that it loads, by path. */
function compileAll(file: string): void {
  if (compiled.has(file)) return;
  // In the package there is no compiler, and nothing to compile.
  const { compile } = require("../register.cjs") as typeof import("../register.cjs");
  const code = compile(file);
  compiled.set(file, code);
  for (const [, name] of code.matchAll(/require\("(\.[^"]*)"\)/g)) {
    const path = `${resolve(dirname(file), name as string)}.ts`;
    if (existsSync(path)) compileAll(path);
  }
}

/** Runs in the worker: TypeScript files come from the map, all else from where it always comes. */
const BOOTSTRAP = `
const { workerData } = require("node:worker_threads");
const Module = require("node:module");
Module._extensions[".ts"] = (module, file) => module._compile(workerData.compiled.get(file), file);
Module.createRequire(workerData.file)(workerData.file);
`;

/** `data` is what the file finds as `workerData.data`. */
export function startTypeScriptWorker(file: string, data: unknown, options: WorkerOptions = {}): Worker {
  if (extname(__filename) === ".js") {
    const built = file.replace(/\.ts$/, ".js");
    return new Worker(built, { ...options, workerData: { data }, execArgv: [] });
  }
  compileAll(file);
  return new Worker(BOOTSTRAP, {
    ...options,
    eval: true,
    workerData: { file, compiled, data },
    execArgv: [],
  });
}
