/** What the program puts into its domain, read from the bodies that it deploys: panels, retention, index template. */
import { indexNameAt } from "../../firehose/index-rotation";
import { patternMatcher } from "../name-pattern";
import type { SavedQuery } from "../rooms";
import { type Json, objectIn, objectsIn, parsed, textsIn } from "./others-json";
import type { IndexTemplatePlan, InvocationPlan, SearchDestinationPlan } from "./plan";

/** A program may call functions with whatever it likes: what is no object of a kind is none of ours. */
const inputsOf = (invocations: readonly InvocationPlan[], kind: string): Json[] =>
  invocations.map(({ input }) => objectIn(parsed(input))).filter((event) => event["kind"] === kind);

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
    const object = objectIn(parsed(input));
    const { endpoint: host = endpoint } = object;
    if (endpoint !== undefined && host !== endpoint) return false;
    return patternsOf(object).some((pattern) => patternMatcher(pattern)(index));
  });
}

/** Patterns of the indices that an object is about. */
function patternsOf({ body, objects }: Json): string[] {
  const { index_patterns: own, policy } = objectIn(body);
  const policies = objectsIn([objectIn(policy)["ism_template"] ?? []].flat());
  const shown = savedObjectsIn(objects).filter(({ type }) => type === "index-pattern");
  return textsIn([
    ...textsIn(own),
    ...policies.flatMap((one) => one["index_patterns"] ?? []),
    ...shown.map(({ attributes }) => attributes["title"]),
  ]);
}

interface SavedObject {
  readonly type: unknown;
  readonly id: unknown;
  readonly attributes: Json;
  readonly references: readonly Json[];
}

const savedObjectsIn = (objects: unknown): SavedObject[] =>
  objectsIn(objects).map(({ type, id, attributes, references }) => ({
    type,
    id,
    attributes: objectIn(attributes),
    references: objectsIn(references),
  }));

/** The visualizations of each dashboard, in the order of the dashboard's panels. */
export function readPanels(invocations: readonly InvocationPlan[]): SavedQuery[] {
  const objects = inputsOf(invocations, "saved-objects").flatMap((input) => savedObjectsIn(input["objects"]));
  return objects
    .filter(({ type }) => type === "dashboard")
    .flatMap(({ attributes, references }) => {
      const shown = objectsIn(parsed(attributes["panelsJSON"]));
      return shown.map(({ panelRefName }) => references.find(({ name }) => name === panelRefName)?.["id"]);
    })
    .flatMap((id) => objects.filter((object) => object.type === "visualization" && object.id === id))
    .map(panelOf);
}

function panelOf({ attributes }: SavedObject): SavedQuery {
  const source = objectIn(parsed(objectIn(attributes["kibanaSavedObjectMeta"])["searchSourceJSON"]));
  return { title: String(attributes["title"]), query: String(objectIn(source["query"])["query"] ?? "") };
}

const daysPerUnit: Readonly<Record<string, number>> = { d: 1, h: 1 / 24, m: 1 / 1440 };

/** The age at which the retention policy's state that deletes an index is entered; undefined without such a state. */
export function readRetentionDays(invocations: readonly InvocationPlan[]): number | undefined {
  const [first] = inputsOf(invocations, "retention");
  const states = objectsIn(objectIn(objectIn(first?.["body"])["policy"])["states"]);
  const deleting = states
    .filter(({ actions }) => objectsIn(actions).some((action) => action["delete"] !== undefined))
    .map(({ name }) => name as unknown);
  const transitions = states.flatMap(({ transitions: all }) => objectsIn(all));
  const entered = transitions.find(({ state_name }) => deleting.includes(state_name));
  const age: unknown = objectIn(entered?.["conditions"])["min_index_age"];
  const [, number, unit] = /^(\d+)([dhm])$/.exec(String(age)) ?? [];
  return unit === undefined ? undefined : Number(number) * daysPerUnit[unit]!;
}

/** Settings and mappings of each new index; undefined where the program has no index template. */
export function readIndexTemplate(invocations: readonly InvocationPlan[]): IndexTemplatePlan | undefined {
  const [first] = inputsOf(invocations, "index-template");
  if (!first) return undefined;
  const body = objectIn(first["body"]);
  const { settings, mappings } = objectIn(body["template"]);
  return {
    indexPatterns: textsIn(body["index_patterns"]),
    settings: objectIn(settings),
    mappings: objectIn(mappings),
  };
}
