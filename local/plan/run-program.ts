/**
 * Runs a program as Pulumi's own start of a program does (`@pulumi/pulumi/cmd/run`, of the program's own version): it
 * finds the entry, compiles TypeScript, loads CommonJS or an ES module, and awaits an exported function.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as PulumiModule from "@pulumi/pulumi";
import { noPulumi } from "../errors";
import type { StackConfig } from "./config";
import { keepCompiling } from "./kept-compiling";
import type { Project } from "./project";
import { ResourceWatch } from "./resource-watch";

type Pulumi = typeof PulumiModule;

/** The part of `cmd/run` that is called; its last argument tells it that somebody else reports errors. */
interface PulumiRun {
  run(
    argv: Record<string, unknown>,
    programStarted: () => void,
    reportLoggedError: (error: Error) => void,
    isErrorReported: (error: Error) => boolean,
  ): Promise<unknown>;
}

export interface Program {
  /** The program's own instance. */
  readonly pulumi: Pulumi;
  readonly version: string;
  readonly watch: ResourceWatch;
  /**
   * Runs it until nothing is left to do.
   * @param compiled whether this process compiles TypeScript already
   */
  run(compiled: boolean): Promise<Ending>;
}

export interface Ending {
  /** In their order. */
  readonly errors: readonly unknown[];
  /** Whether all that it exports is there, and it was loaded to its last line. */
  readonly complete: boolean;
}

/** What tells other copies of Pulumi in this process who they work for; the engine sets the same. */
function tellEnvironment(project: Project, config: StackConfig): void {
  Object.assign(process.env, {
    PULUMI_NODEJS_ORGANIZATION: organization,
    PULUMI_NODEJS_PROJECT: project.name,
    PULUMI_NODEJS_STACK: config.stack,
    PULUMI_NODEJS_ROOT_DIRECTORY: project.folder,
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
  });
}

const organization = "organization";

/** @throws UserError where Pulumi is not installed for it */
export async function openProgram(
  project: Project,
  config: StackConfig,
  mocks: PulumiModule.runtime.Mocks,
): Promise<Program> {
  const require = createRequire(join(project.workFolder, "index.js"));
  tellEnvironment(project, config);
  let pulumi: Pulumi;
  try {
    pulumi = require("@pulumi/pulumi");
  } catch (error) {
    if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    throw noPulumi(project.workFolder);
  }
  pulumi.runtime.setAllConfig(config.values, [...config.secretKeys]);
  await pulumi.runtime.setMocks(mocks, project.name, config.stack, false, organization);
  const watch = new ResourceWatch();
  Object.assign(require("@pulumi/pulumi/runtime/debuggable"), { debuggablePromise: watch.debuggablePromise });
  const { version } = require("@pulumi/pulumi/package.json") as { version: string };
  return { pulumi, version, watch, run: (compiled) => runToEnd(project, require, compiled) };
}

async function runToEnd(project: Project, require: NodeJS.Require, compiled: boolean): Promise<Ending> {
  if (!compiled) {
    // What compiled this file has nothing to do with the program's.
    delete require.extensions[".ts"];
    if (project.typescript) process.env["PULUMI_NODEJS_TYPESCRIPT"] = "true";
    // The types of the AWS provider alone cost ten seconds; what comes of a file is the same without.
    process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] ??= "true";
    keepCompiling();
  }
  if (project.tsconfig !== undefined) process.env["PULUMI_NODEJS_TSCONFIG_PATH"] = project.tsconfig;
  const { run } = pulumiRun(require);
  const errors: unknown[] = [];
  const fail = (error: unknown): void => void errors.push(error);
  // The failure of one resource surfaces as an unhandled rejection, and so does what hangs on it.
  process.on("unhandledRejection", fail);
  process.on("uncaughtException", fail);
  const idle = untilIdle();
  let complete = false;
  run(
    { _: [project.entry], pwd: project.workFolder },
    () => {},
    () => {},
    () => true,
  ).then(() => {
    complete = true;
  }, fail);
  await idle;
  return { errors, complete };
}

/** Its own start script, beside it, begins at once when it is loaded: its place is taken. */
function pulumiRun(require: NodeJS.Require): PulumiRun {
  const start = require.resolve("@pulumi/pulumi/cmd/run");
  const cache = require.cache as Record<string, unknown>;
  cache[start] = { id: start, filename: start, loaded: true, exports: {} };
  return require("@pulumi/pulumi/cmd/run/run") as PulumiRun;
}

/**
 * Resolves when the event loop is empty: then all that the program made is there, also what its libraries make at the
 * end. Behind their own handlers, as Pulumi's start script does it: a library's may make resources too.
 */
function untilIdle(): Promise<void> {
  return new Promise((resolve) => {
    process.once("beforeExit", () => {
      process.nextTick(() => {
        process.once("beforeExit", () => resolve());
        setImmediate(() => {});
      });
    });
  });
}
