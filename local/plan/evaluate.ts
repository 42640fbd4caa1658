/** Evaluates index.ts in this process, as `pulumi up` would, and reads the Plan out of the resources it made. */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../errors";
import { readConfig } from "./config";
import type { Plan } from "./plan";
import { planOf } from "./read-resources";
import { type EvaluatedResource, standIns } from "./stand-ins";

export interface EvaluateOptions {
  /** The folder of Pulumi.yaml and index.ts. */
  readonly folder: string;
  readonly stack: string;
  /** Settings that win over the files, each `key=value`. @default [] */
  readonly set?: readonly string[];
}

const defaultRegion = "us-east-1";

/**
 * Evaluates the program once; a process can do this for one program only, since the Pulumi runtime is global.
 * @throws UserError for a wrong setting, an unknown stack, or a program without a delivery stream
 */
export async function evaluatePlan({ folder, stack, set = [] }: EvaluateOptions): Promise<Plan> {
  const config = readConfig(folder, stack, set);
  const notes = [...config.notes];
  const region = config.values["aws:region"] ?? process.env["AWS_REGION"] ?? defaultRegion;
  pulumi.runtime.setAllConfig({ "aws:region": region, ...config.values });
  const resources: EvaluatedResource[] = [];
  await pulumi.runtime.setMocks(standIns(region, resources), config.project, stack, false);
  await runProgram(join(folder, "index.ts"));
  const plan = await planOf({ project: config.project, stack, region, resources, notes });
  const chosenProcessor = config.values[`${config.project}:processor`];
  return chosenProcessor === undefined ? plan : { ...plan, chosenProcessor };
}

async function runProgram(file: string): Promise<void> {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  // Pulumi lets the failure of one resource surface as an unhandled rejection.
  process.on("unhandledRejection", fail);
  try {
    await Promise.race([failed, runToEnd(file)]);
  } catch (error) {
    throw pulumi.RunError.isInstance(error)
      ? new UserError((error as Error).message, { cause: error })
      : error;
  } finally {
    process.off("unhandledRejection", fail);
  }
}

async function runToEnd(file: string): Promise<void> {
  const { prepareStackTrace } = Error;
  // Pulumi writes down a stack at each promise, a third of the time. An error's own is made when it is read.
  Error.prepareStackTrace = String;
  try {
    const outputs = require(file) as Record<string, unknown>;
    await new Promise((resolve) => pulumi.output(outputs).apply(resolve));
    await pulumi.runtime.disconnect();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
