/** Runs the text of a function as Lambda would: in a context of its own, with nothing to require but Node's modules. */
import { isBuiltin } from "node:module";
import * as vm from "node:vm";

// biome-ignore lint/suspicious/noExplicitAny: handlers differ
export type Handler = (event: any) => Promise<any>;

export interface ClosureOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Lines that the function wrote to its log. */
  readonly log?: string[];
  /** What it required. */
  readonly required?: string[];
  /** What Lambda's runtime brings beside Node's modules, by name. @default nothing */
  readonly packages?: Readonly<Record<string, unknown>>;
  /** A clock that moves only when the function waits. */
  readonly clock?: { nowMs: number };
}

export function loadHandler(code: string, options: ClosureOptions = {}): Handler {
  const { environment = {}, log = [], required = [], packages = {}, clock } = options;
  const module: { exports: { handler?: Handler } } = { exports: {} };
  const write = (line: unknown) => log.push(typeof line === "object" ? JSON.stringify(line) : String(line));
  const context = vm.createContext({
    module,
    exports: module.exports,
    require: (name: string) => {
      required.push(name);
      if (name in packages) return packages[name];
      if (!isBuiltin(name)) throw new Error(`Cannot find module '${name}'`);
      return require(name);
    },
    process: { env: environment },
    console: { log: write, warn: write, error: write },
    Buffer,
    atob,
    btoa,
    fetch,
    AbortSignal,
    setTimeout: clock
      ? (run: () => void, ms: number) => {
          clock.nowMs += ms;
          return setImmediate(run);
        }
      : setTimeout,
  });
  if (clock) {
    context["__clock"] = clock;
    vm.runInContext("Date.now = () => __clock.nowMs;", context);
  }
  vm.runInContext(code, context, { filename: "__index.js" });
  return module.exports.handler!;
}

/** One invocation, with event and answer as the JSON that goes over the wire. */
export async function invoke(handler: Handler, event: unknown): Promise<unknown> {
  const answer = await handler(JSON.parse(JSON.stringify(event)));
  return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
}
