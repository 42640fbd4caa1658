/** Reads the Plan out of the resources of an evaluated program. */
import { fatesOf } from "./emulation";
import type { InvocationPlan, Plan } from "./plan";
import { type Functions, isElsewhere, readFunctions } from "./read-functions";
import { readObjectFunctions } from "./read-object-functions";
import { readProbes } from "./read-probes";
import { readStreams, withoutQualifier } from "./read-streams";
import type { EvaluatedResource } from "./stand-ins";

interface Evaluated {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  readonly resources: readonly EvaluatedResource[];
  readonly notes: readonly string[];
  /** What paths in the program are relative to. */
  readonly folder: string;
}

const invocationType = "aws:lambda/invocation:Invocation";

/** @throws UserError where the program has no stream that runs here */
export async function planOf({ project, stack, region, resources, notes, folder }: Evaluated): Promise<Plan> {
  const functions = await readFunctions(resources, folder);
  const domainObjects = readInvocations(resources, functions);
  const read = readStreams({ resources, functions, invocations: domainObjects });
  const objects = readObjectFunctions(resources, functions);
  const fates = fatesOf(resources);
  return {
    project,
    stack,
    region,
    streams: read.streams,
    domainObjects,
    objectFunctions: objects.objectFunctions,
    probes: readProbes(resources, functions),
    ...fates,
    notes: [...notes, ...read.notes, ...objects.notes, ...fates.notes],
  };
}

function readInvocations(resources: readonly EvaluatedResource[], functions: Functions): InvocationPlan[] {
  return resources
    .filter((r) => r.type === invocationType)
    .flatMap(({ name, inputs }) => {
      const [, fn] =
        [...functions].find(([arn, { name: own }]) =>
          [own, arn, withoutQualifier(arn)].includes(withoutQualifier(inputs["functionName"])),
        ) ?? [];
      return fn && !isElsewhere(fn) ? [{ name, function: fn, input: inputs["input"] }] : [];
    });
}
