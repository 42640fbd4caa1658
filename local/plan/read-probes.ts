/** Reads which functions send the probe of a stream and look for it: one rule calls both of them each minute. */
import type { ProbePlan } from "./plan";
import { type Functions, functionType, isElsewhere } from "./read-functions";
import type { EvaluatedResource } from "./stand-ins";

type Resource = Pick<EvaluatedResource, "type" | "inputs" | "state">;

const types = {
  rule: "aws:cloudwatch/eventRule:EventRule",
  target: "aws:cloudwatch/eventTarget:EventTarget",
};
const eachMinute = "cron(* * * * ? *)";

/** What else a program has called on a schedule is not called here: nobody knows what it would do, and to whom. */
export function readProbes(resources: readonly EvaluatedResource[], functions: Functions): ProbePlan[] {
  return linksOf(resources).flatMap(({ deliveryStreamName, sender, finder }) => {
    const [send, find] = [sender, finder].map(({ state }) => functions.get(state["arn"]));
    if (!send || !find || isElsewhere(send) || isElsewhere(find)) return [];
    return [{ deliveryStreamName, sender: send, finder: find }];
  });
}

/** Names of what probes are made of, so that it counts as emulated. */
export function probeLinksOf(resources: readonly Resource[]): {
  readonly ruleNames: readonly string[];
  readonly functionNames: readonly string[];
} {
  const links = linksOf(resources);
  return {
    ruleNames: links.map(({ rule }) => rule.state["name"]),
    functionNames: links.flatMap(({ sender, finder }) => [sender.state["name"], finder.state["name"]]),
  };
}

interface Link {
  readonly deliveryStreamName: string;
  readonly rule: Resource;
  readonly sender: Resource;
  readonly finder: Resource;
}

/** The two know each other by the stream that they name. */
function linksOf(resources: readonly Resource[]): Link[] {
  const all = (type: string): readonly Resource[] => resources.filter((one) => one.type === type);
  return all(types.rule).flatMap((rule) => {
    if (rule.inputs["scheduleExpression"] !== eachMinute) return [];
    const arns = all(types.target)
      .filter(({ inputs }) => inputs["rule"] === rule.state["name"])
      .map(({ inputs }) => inputs["arn"] as unknown);
    const called = all(functionType).filter(({ state }) => arns.includes(state["arn"]));
    const finder = called.find((one) => variablesOf(one)["DEADLINE_SECONDS"] !== undefined);
    const deliveryStreamName = finder && variablesOf(finder)["STREAM_NAME"];
    const sender = called.find((one) => variablesOf(one)["DELIVERY_STREAM_NAME"] === deliveryStreamName);
    return finder && sender && deliveryStreamName ? [{ deliveryStreamName, rule, sender, finder }] : [];
  });
}

const variablesOf = ({ inputs }: Resource): Readonly<Record<string, string>> =>
  inputs["environment"]?.variables ?? {};
