/** What differs between the program and AWS, as a provider finds it: property by property. */
import type { AwsType } from "./aws-types";
import { canonical, isArchive, isPlain, unknown, type Values } from "./values";

export interface Change {
  /** Such as `rules[0].expiration`. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  readonly replaces: boolean;
}

interface Compared {
  /** On AWS, as it was read last. */
  readonly state: Values;
  /** What the program asked for last time. */
  readonly oldInputs: Values;
  readonly inputs: Values;
}

export function changesOf(type: AwsType, { state, oldInputs, inputs }: Compared): Change[] {
  const changes: Change[] = [];
  const add = (path: string, kind: Change["kind"]) => {
    const plain = withoutIndices(path);
    const replaces =
      type.replacedBy.some((rule) => plain === rule || plain.startsWith(`${rule}.`)) ||
      type.replacedFrom?.(plain, state[plain], inputs[plain]) === true;
    changes.push({ path, kind, replaces });
  };
  const walkObject = (path: string, was: Values, before: Values, now: Values) => {
    for (const key of new Set([...Object.keys(now), ...Object.keys(before)])) {
      const at = path === "" ? key : `${path}.${key}`;
      if (now[key] === undefined) {
        // What is also computed stays as it is on AWS when the program no longer names it.
        if (!type.optionalComputed?.includes(withoutIndices(at))) add(at, "delete");
      } else if (was[key] === undefined) add(at, "add");
      else walk(at, was[key], before[key], now[key]);
    }
  };
  const walk = (path: string, was: unknown, before: unknown, now: unknown) => {
    const plain = withoutIndices(path);
    if (now === unknown) add(path, "update");
    else if (type.json?.includes(plain)) {
      if (policyMeaning(String(now)) !== policyMeaning(String(was))) add(path, "update");
    } else if (type.sets?.includes(plain)) {
      if (setMeaning(now) !== setMeaning(was)) add(path, "update");
    } else if (Array.isArray(now) && Array.isArray(was) && now.length === was.length) {
      now.forEach((element, i) => {
        walk(`${path}[${i}]`, was[i], Array.isArray(before) ? before[i] : undefined, element);
      });
    } else if (isArchive(now) && isArchive(was)) {
      if (now.hash !== was.hash) add(path, "update");
    } else if (isPlain(now) && isPlain(was)) walkObject(path, was, isPlain(before) ? before : {}, now);
    else if (now !== was) add(path, "update");
  };
  walkObject("", state, oldInputs, inputs);
  return changes;
}

const withoutIndices = (path: string): string => path.replace(/\[\d+\]/g, "");

const setMeaning = (value: unknown): string =>
  Array.isArray(value) ? value.map(canonical).sort().join() : canonical(value);

/** The order of actions, resources and keys means nothing, nor does a list of one. */
function policyMeaning(text: string): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 1 ? sorted(value[0]) : value.map(sorted);
    if (!isPlain(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        ["Action", "Resource"].includes(key) && Array.isArray(inner) && inner.length > 1
          ? [...inner].sort()
          : sorted(inner),
      ]),
    );
  };
  try {
    return canonical(sorted(JSON.parse(text)));
  } catch {
    return text;
  }
}
