/**
 * Starts a worker thread on a TypeScript file with code that this thread has compiled. A worker that registers
 * ts-node itself loads the whole compiler, two CPU seconds each time.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";

interface TsNode {
  compile(code: string, fileName: string): string;
}

const compiled = new Map<string, string>();

/** The code of a file and of all files of this project that it loads, by path. */
function compileAll(file: string, tsNode: TsNode): void {
  if (compiled.has(file)) return;
  const code = tsNode.compile(readFileSync(file, "utf8"), file);
  compiled.set(file, code);
  for (const [, name] of code.matchAll(/require\("(\.[^"]*)"\)/g)) {
    const path = `${resolve(dirname(file), name as string)}.ts`;
    if (existsSync(path)) compileAll(path, tsNode);
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
  const tsNode = (process as unknown as Record<symbol, TsNode | undefined>)[
    Symbol.for("ts-node.register.instance")
  ];
  if (tsNode === undefined)
    return new Worker(file, { ...options, workerData: { data }, execArgv: ["-r", "ts-node/register"] });
  compileAll(file, tsNode);
  return new Worker(BOOTSTRAP, {
    ...options,
    eval: true,
    workerData: { file, compiled, data },
    execArgv: [],
  });
}
