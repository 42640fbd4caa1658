/** What the program puts into its domain, read from the bodies that it deploys: panels, retention, index template. */
import { indexNameAt } from "../../firehose/index-rotation";
import { patternMatcher } from "../name-pattern";
import type { SavedQuery } from "../rooms";
import type { IndexTemplatePlan, InvocationPlan, SearchDestinationPlan } from "./plan";

// biome-ignore lint/suspicious/noExplicitAny: bodies of OpenSearch's own APIs
type Body = Record<string, any>;

/** A program may call functions with whatever it likes: what is no object of a kind is none of ours. */
const inputsOf = (invocations: readonly InvocationPlan[], kind: string): Body[] =>
  invocations.flatMap(({ input }) => {
    const event = parsed(input);
    return event?.["kind"] === kind ? [event] : [];
  });

function parsed(input: string): Body | undefined {
  try {
    return JSON.parse(input) as Body | undefined;
  } catch {
    return undefined;
  }
}

/**
 * Those of several streams' objects that are about the indices of one.
 * @param endpoint host of its domain; undefined where the program does not make the domain
 */
export function objectsOfStream(
  invocations: readonly InvocationPlan[],
  { indexName, indexRotationPeriod }: SearchDestinationPlan,
  endpoint: string | undefined,
): InvocationPlan[] {
  const index = indexNameAt(indexName, indexRotationPeriod, Date.UTC(2026, 2));
  return invocations.filter(({ input }) => {
    const object = JSON.parse(input) as Body;
    const { endpoint: host = endpoint } = object;
    if (endpoint !== undefined && host !== endpoint) return false;
    return patternsOf(object).some((pattern) => patternMatcher(pattern)(index));
  });
}

/** Patterns of the indices that an object is about. */
function patternsOf({ body, objects = [] }: Body): string[] {
  const policies: Body[] = [body?.policy?.ism_template ?? []].flat();
  const shown = (objects as SavedObject[]).filter(({ type }) => type === "index-pattern");
  return [
    ...(body?.["index_patterns"] ?? []),
    ...policies.flatMap((policy) => policy["index_patterns"] ?? []),
    ...shown.map(({ attributes }) => attributes["title"]),
  ];
}

interface SavedObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: Body;
  readonly references?: readonly { readonly name: string; readonly type: string; readonly id: string }[];
}

/** The visualizations of each dashboard, in the order of the dashboard's panels. */
export function readPanels(invocations: readonly InvocationPlan[]): SavedQuery[] {
  const objects = inputsOf(invocations, "saved-objects").flatMap(
    (input) => input["objects"] as SavedObject[],
  );
  return objects
    .filter(({ type }) => type === "dashboard")
    .flatMap(({ attributes, references = [] }) => {
      const shown = JSON.parse(attributes["panelsJSON"]) as { readonly panelRefName: string }[];
      return shown.map(({ panelRefName }) => references.find(({ name }) => name === panelRefName)?.id);
    })
    .flatMap((id) => objects.filter((object) => object.type === "visualization" && object.id === id))
    .map(panelOf);
}

function panelOf({ attributes }: SavedObject): SavedQuery {
  const source = JSON.parse(attributes["kibanaSavedObjectMeta"].searchSourceJSON) as Body;
  return { title: attributes["title"], query: source["query"]?.query ?? "" };
}

const daysPerUnit: Readonly<Record<string, number>> = { d: 1, h: 1 / 24, m: 1 / 1440 };

/** The age at which the retention policy's state that deletes an index is entered; undefined without such a state. */
export function readRetentionDays(invocations: readonly InvocationPlan[]): number | undefined {
  const policy: Body | undefined = inputsOf(invocations, "retention")[0]?.["body"]?.policy;
  const states: Body[] = policy?.["states"] ?? [];
  const deleting = states
    .filter(({ actions }) => (actions as Body[]).some((action) => action["delete"] !== undefined))
    .map(({ name }) => name);
  const transitions = states.flatMap(({ transitions: all = [] }) => all as Body[]);
  const age: string | undefined = transitions.find(({ state_name }) => deleting.includes(state_name))?.[
    "conditions"
  ]?.min_index_age;
  const [, number, unit] = /^(\d+)([dhm])$/.exec(age ?? "") ?? [];
  return unit === undefined ? undefined : Number(number) * daysPerUnit[unit]!;
}

/** Settings and mappings of each new index; undefined where the program has no index template. */
export function readIndexTemplate(invocations: readonly InvocationPlan[]): IndexTemplatePlan | undefined {
  const body: Body | undefined = inputsOf(invocations, "index-template")[0]?.["body"];
  if (!body) return undefined;
  return {
    indexPatterns: body["index_patterns"] ?? [],
    settings: body["template"]?.settings ?? {},
    mappings: body["template"]?.mappings ?? {},
  };
}
