/** One body for a real node and for the search API of a local run, and whether both say the same. */
import type { OpenSearchNode } from "../../../engines/opensearch/node";

export interface BodyAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the search API
  readonly json: any;
}

export async function askBoth(
  node: OpenSearchNode,
  url: string,
  path: string,
  body: object,
): Promise<{ real: BodyAnswer; ours: BodyAnswer }> {
  const text = JSON.stringify(body);
  const [theirs, own] = await Promise.all([
    node.call("POST", path, text),
    fetch(`${url}${path}`, { method: "POST", body: text, headers: { "content-type": "application/json" } }),
  ]);
  return {
    real: { status: theirs.status, json: JSON.parse(theirs.body) },
    ours: { status: own.status, json: JSON.parse(await own.text()) },
  };
}

/** Undefined where both say the same: of an error its status and type, else totals, hits and aggregations. */
export function answerDifference(real: BodyAnswer, ours: BodyAnswer): string | undefined {
  if (real.json.error !== undefined || ours.json.error !== undefined) {
    const told = ({ status, json }: BodyAnswer) => `${status} ${json.error?.type ?? "no error"}`;
    return told(real) === told(ours)
      ? undefined
      : `real ${told(real)}: ${reasonOf(real)}, ours ${told(ours)}: ${reasonOf(ours)}`;
  }
  const parts = ["hits", "aggregations"] as const;
  return parts
    .map((part) => firstDifference(real.json[part], ours.json[part], part))
    .find((one) => one !== undefined);
}

const reasonOf = ({ json }: BodyAnswer): string =>
  String(json.error?.root_cause?.[0]?.reason ?? json.error?.reason ?? "").slice(0, 160);

/** Sums of fractions may differ in their last digit, as the order of adding does. */
function isSameNumber(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (typeof a === "number" && typeof b === "number" && isSameNumber(a, b)) return undefined;
  const areObjects = typeof a === "object" && typeof b === "object" && a !== null && b !== null;
  if (!areObjects) return a === b ? undefined : `${path}: real ${show(a)}, ours ${show(b)}`;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const name of names) {
    const found = firstDifference((a as never)[name], (b as never)[name], `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? "nothing";
