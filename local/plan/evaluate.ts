/** Evaluates a program in this process, as `pulumi up` would, and reads the Plan out of the resources it made. */
import { notEvaluated } from "../errors";
import { readConfig } from "./config";
import type { Plan } from "./plan";
import { causesOf } from "./program-errors";
import { readProject } from "./project";
import { planOf } from "./read-resources";
import { openProgram } from "./run-program";
import { type EvaluatedResource, standIns } from "./stand-ins";

export interface EvaluateOptions {
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  /** @default `dev`, or the only stack there is */
  readonly stack?: string | undefined;
  /** Settings that win over the files, each `key=value`. @default [] */
  readonly set?: readonly string[];
}

const defaultRegion = "us-east-1";

/**
 * Evaluates the program once; a process can do this for one program only, since the Pulumi runtime is global, and for
 * nothing else: the program has ended when the process has nothing left to do.
 * @param compiled whether this process compiles TypeScript already, as it is for this project's own program
 * @throws UserError for a wrong setting, an unknown stack, or a program that fails or has no delivery stream
 */
export async function evaluatePlan(options: EvaluateOptions, compiled: boolean): Promise<Plan> {
  const project = readProject(options.folder);
  const config = readConfig(project, options.stack, options.set ?? []);
  const region = config.values["aws:region"] ?? process.env["AWS_REGION"] ?? defaultRegion;
  const resources: EvaluatedResource[] = [];
  const program = await openProgram(
    project,
    { ...config, values: { "aws:region": region, ...config.values } },
    standIns(region, resources),
  );
  const errors = await withCheapStacks(compiled, () => program.run(compiled));
  if (errors.length > 0) throw notEvaluated(causesOf(errors, project));
  const { stack, notes } = config;
  const { name, workFolder: folder } = project;
  const plan = await planOf({ project: name, stack, region, resources, notes, folder });
  const chosenProcessor = config.values[`${name}:processor`];
  return chosenProcessor === undefined ? plan : { ...plan, chosenProcessor };
}

/**
 * Pulumi writes down a stack at each promise, a third of the time. An error's own is made when it is read.
 * @param here where ts-node compiles, it makes the stacks
 */
async function withCheapStacks<T>(here: boolean, work: () => Promise<T>): Promise<T> {
  if (!here) return work();
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = String;
  try {
    return await work();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
