/** Evaluates a program in this process, as `pulumi up` would, and reads the Plan out of the resources it made. */
import { neverComplete, neverMade, notEvaluated } from "../errors";
import { readConfig } from "./config";
import { loadedScripts } from "./inspect/loaded-scripts";
import { withSourceMaps } from "./inspect/map-plan";
import type { Plan } from "./plan";
import { causesOf } from "./program-errors";
import { readProject } from "./project";
import { planOf } from "./read-resources";
import { openProgram } from "./run-program";
import { StandIns } from "./stand-ins";
import { Given } from "./stand-ins/given";
import { givePlaceholders, Placeholders } from "./stand-ins/placeholders";

export interface EvaluateOptions {
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  /** @default `dev`, or the only stack there is */
  readonly stack?: string | undefined;
  /** Settings that win over the files, each `key=value`. @default [] */
  readonly set?: readonly string[];
  /** What stands in for what only AWS, or another stack, could say, each `NAME=JSON`. @default [] */
  readonly standIns?: readonly string[];
  /** Whether the functions' texts say where in the program they come from. @default false */
  readonly sourceMaps?: boolean;
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
  const given = new Given(options.standIns ?? []);
  const placeholders = new Placeholders();
  const standIns = new StandIns({ region, given, placeholders });
  const settings = { ...config, values: { "aws:region": region, ...config.values } };
  const program = await openProgram(project, settings, standIns);
  givePlaceholders(program.pulumi, placeholders);
  const { errors, complete } = await withCheapStacks(compiled, () => program.run(compiled));
  const { watch } = program;
  if (errors.length > 0) {
    const causes = causesOf(errors, project, [...standIns.unanswered], (text) => watch.failedWith(text));
    throw notEvaluated([...causes, ...placeholders.notes]);
  }
  const [first, ...others] = watch.unmade;
  if (first !== undefined) throw notEvaluated([neverMade(first, others.length), ...placeholders.notes]);
  if (!complete) throw notEvaluated([neverComplete, ...placeholders.notes]);
  const { stack } = config;
  const resources = watch.inOrder(standIns.resources);
  const unused = given.unused().map((one) => `--stand-in ${one}: nothing in the program is called so.`);
  const notes = [...config.notes, ...placeholders.notes, ...unused];
  const { name, workFolder: folder } = project;
  const read = await planOf({ project: name, stack, region, resources, notes, folder });
  const plan = options.sourceMaps ? withSourceMaps(read, loadedScripts()) : read;
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
