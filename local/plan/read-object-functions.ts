/** Reads which functions are called for new objects: S3's events by EventBridge into a queue that a function reads. */
import { type Json, objectIn, objectsIn, parsed, textsIn } from "./others-json";
import type { ObjectFunctionPlan, ObjectSourcePlan, QueuePlan } from "./plan";
import { type Functions, isElsewhere } from "./read-functions";
import { withoutQualifier } from "./read-streams";
import type { EvaluatedResource } from "./stand-ins";

type Resource = Pick<EvaluatedResource, "type" | "inputs" | "state">;

const types = {
  mapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
  queue: "aws:sqs/queue:Queue",
  rule: "aws:cloudwatch/eventRule:EventRule",
  target: "aws:cloudwatch/eventTarget:EventTarget",
};

/** What Lambda takes where the program says nothing. */
const defaults = { batchSize: 10, concurrency: 2, maxReceiveCount: 5 };

export interface ReadObjectFunctions {
  readonly objectFunctions: readonly ObjectFunctionPlan[];
  /** Sentences about those that cannot run here. */
  readonly notes: readonly string[];
}

/** What else a queue may be fed from is no business of objects. */
export function readObjectFunctions(
  resources: readonly EvaluatedResource[],
  functions: Functions,
): ReadObjectFunctions {
  const objectFunctions: ObjectFunctionPlan[] = [];
  const notes: string[] = [];
  for (const { mapping, queue, redrive, sources } of linksOf(resources)) {
    const name = withoutQualifier(mapping.inputs["functionName"]);
    const [, fn] =
      [...functions].find(([arn, { name: own }]) => [own, withoutQualifier(arn)].includes(name)) ?? [];
    if (!fn || isElsewhere(fn)) {
      const why = fn ? fn.why : "is not made by this program";
      notes.push(`The function ${name} is not called for new objects here: it ${why}.`);
      continue;
    }
    const failedArn: unknown = redrive["deadLetterTargetArn"];
    const failed = resources.find(({ type, state }) => type === types.queue && state["arn"] === failedArn);
    objectFunctions.push({
      function: fn,
      sources,
      queue: queueOf(queue),
      failedQueue: failed && queueOf(failed),
      maxReceiveCount: redrive["maxReceiveCount"] ?? defaults.maxReceiveCount,
      batchSize: mapping.inputs["batchSize"] ?? defaults.batchSize,
      concurrency: mapping.inputs["scalingConfig"]?.maximumConcurrency ?? defaults.concurrency,
    });
  }
  return { objectFunctions, notes };
}

/** Names of what the functions for objects are made of, so that it counts as emulated. */
export interface ObjectLinks {
  readonly queueArns: readonly string[];
  readonly ruleNames: readonly string[];
  readonly functionNames: readonly string[];
}

export function objectLinksOf(resources: readonly Resource[]): ObjectLinks {
  const links = linksOf(resources);
  const queueArns = links.flatMap(({ queue: { state }, redrive }) =>
    textsIn([state["arn"], redrive["deadLetterTargetArn"]]),
  );
  return {
    queueArns,
    ruleNames: links.flatMap(({ ruleNames }) => ruleNames),
    functionNames: links.map(({ mapping }) => mapping.inputs["functionName"]),
  };
}

interface Link {
  readonly mapping: Resource;
  readonly queue: Resource;
  /** What becomes of messages that were received too often; empty where nothing is said of it. */
  readonly redrive: Json;
  readonly sources: readonly ObjectSourcePlan[];
  readonly ruleNames: readonly string[];
}

function linksOf(resources: readonly Resource[]): Link[] {
  const all = (type: string): readonly Resource[] => resources.filter((one) => one.type === type);
  return all(types.mapping).flatMap((mapping) => {
    const arn: unknown = mapping.inputs["eventSourceArn"];
    const queue = all(types.queue).find(({ state }) => state["arn"] === arn);
    if (arn === undefined || !queue) return [];
    const named = all(types.target)
      .filter(({ inputs }) => inputs["arn"] === arn)
      .map(({ inputs }) => inputs["rule"]);
    const rules = all(types.rule).filter(({ state }) => named.includes(state["name"]));
    const found = rules.map((rule) => ({
      rule,
      sources: sourcesOf(objectIn(parsed(rule.inputs["eventPattern"]))),
    }));
    const own = found.filter(({ sources }) => sources.length > 0);
    if (own.length === 0) return [];
    const ruleNames = own.map(({ rule }) => rule.state["name"] as string);
    const redrive = objectIn(parsed(queue.inputs["redrivePolicy"]));
    return { mapping, queue, redrive, ruleNames, sources: own.flatMap(({ sources }) => sources) };
  });
}

/** A pattern that asks for more than buckets and the start of keys is none of ours. */
function sourcesOf(pattern: Json): ObjectSourcePlan[] {
  if (!textsIn(pattern["source"]).includes("aws.s3")) return [];
  if (!textsIn(pattern["detail-type"]).includes("Object Created")) return [];
  const { bucket, object } = objectIn(pattern["detail"]);
  const { key: keys = [{ prefix: "" }] } = objectIn(object);
  const prefixes = textsIn(objectsIn(keys).map(({ prefix }) => prefix as unknown));
  return textsIn(objectIn(bucket)["name"]).flatMap((bucketName) =>
    prefixes.map((prefix) => ({ bucketName, prefix })),
  );
}

const queueOf = ({ state }: Resource): QueuePlan => ({ arn: state["arn"], url: state["url"] });
