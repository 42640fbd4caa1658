/** Evaluates a program in a process that ends afterwards, and takes its memory with it. */
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { type Clock, systemClock } from "../clock";
import { programEnded, stillEvaluated, UserError } from "../errors";
import { adviseSet } from "./advice";
import { cacheFolder } from "./cache-folder";
import type { EvaluateOptions } from "./evaluate";
import type { EvaluateReply, EvaluateRequest } from "./evaluate-child";
import type { Plan } from "./plan";
import { checkEntry, type Project, readProject } from "./project";

const root = join(__dirname, "../..");

/** Nobody can tell an endless loop from a long one, nor a server that will be closed from one that will not. */
const slowMs = 20_000;

/** Says so where the program has not ended by then. */
export async function tellWhenSlow(
  ended: AbortSignal,
  clock: Clock = systemClock,
  say: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<void> {
  await clock.wait(slowMs, ended);
  if (!ended.aborted) say(stillEvaluated);
}

/**
 * @param keptFile where the plan is kept for later starts, if it can be
 * @param onSources told of the program's files, also where it cannot be evaluated
 * @throws UserError as `evaluatePlan` does
 */
export async function evaluateApart(
  options: EvaluateOptions,
  keptFile?: string,
  onSources?: (paths: readonly string[]) => void,
): Promise<Plan> {
  const folder = resolve(options.folder);
  const project = readProject(folder);
  checkEntry(project);
  // This project's own program is compiled here, and what comes of it is kept.
  const compiled = folder === root && existsSync(join(root, "register-program.cjs"));
  const child = fork(join(__dirname, `evaluate-child${extname(__filename)}`), {
    cwd: project.workFolder,
    execArgv: execArgv(project, compiled),
    env: { ...compileCache(folder), ...process.env },
    // Keeps members that are undefined.
    serialization: "advanced",
    // What the program prints is for the person, not for the reader of --json.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const ended = new AbortController();
  void tellWhenSlow(ended.signal);
  const reply = await new Promise<EvaluateReply>((resolveReply, reject) => {
    child.once("message", (message) => resolveReply(message as EvaluateReply));
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(programEnded(code ?? signal)));
    const tellSources = onSources !== undefined;
    const request: EvaluateRequest = { options: { ...options, folder }, compiled, keptFile, tellSources };
    child.send(request);
  }).finally(() => ended.abort());
  onSources?.(reply.sources);
  if ("plan" in reply) return reply.plan;
  if (reply.exitCode !== undefined)
    throw new UserError(adviseSet(reply.message, options.set ?? []), { exitCode: reply.exitCode });
  throw Object.assign(new Error(reply.message), { stack: reply.stack });
}

/** What Node has compiled of them. */
function compileCache(folder: string): Readonly<Record<string, string>> {
  const cache = cacheFolder(folder);
  return cache === undefined ? {} : { NODE_COMPILE_CACHE: join(cache, "node") };
}

/** TypeScript's own compiler for the program, as Pulumi has it: the text of the closures is what `pulumi up` uploads. */
function execArgv({ nodeArguments }: Project, compiled: boolean): string[] {
  const register = join(root, compiled ? "register-program.cjs" : "register.cjs");
  return [
    "--disable-warning=DEP0025",
    "--disable-warning=ExperimentalWarning",
    // What the program's packages do with Node, and errors that are reported here.
    "--disable-warning=DEP0180",
    "--disable-warning=PromiseRejectionHandledWarning",
    ...nodeArguments,
    ...(extname(__filename) === ".ts" ? ["-r", register] : []),
  ];
}
