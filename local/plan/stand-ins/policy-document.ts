/** `aws.iam.getPolicyDocument`: the policy as the provider composes it from statements. Nothing of AWS is asked for it. */

// biome-ignore lint/suspicious/noExplicitAny: arguments of a provider function
type Inputs = Record<string, any>;

/** The JSON text, indented as the provider does it, and the same on one line. */
export function policyDocument(inputs: Inputs): { readonly json: string; readonly minifiedJson: string } {
  const { policyId, version = "2012-10-17", statements = [] } = inputs;
  const sources = documents(inputs["sourcePolicyDocuments"] ?? inputs["sourceJson"]);
  const overrides = documents(inputs["overridePolicyDocuments"] ?? inputs["overrideJson"]);
  const own = (statements as Inputs[]).map(statementOf);
  const document = {
    Version: version as string,
    ...(policyId ? { Id: policyId as string } : {}),
    Statement: merged([...sources, own], overrides),
  };
  return { json: JSON.stringify(document, null, 2), minifiedJson: JSON.stringify(document) };
}

/** A statement of an override takes the place of the one with its Sid. */
function merged(sources: readonly Inputs[][], overrides: readonly Inputs[][]): Inputs[] {
  const all = sources.flat();
  for (const statement of overrides.flat()) {
    const at = statement["Sid"] ? all.findIndex((one) => one["Sid"] === statement["Sid"]) : -1;
    if (at < 0) all.push(statement);
    else all[at] = statement;
  }
  return all;
}

const documents = (texts: string | string[] | undefined): Inputs[][] =>
  [texts ?? []]
    .flat()
    .filter((text) => text !== "")
    .map((text) => [(JSON.parse(text) as Inputs)["Statement"] ?? []].flat());

function statementOf(statement: Inputs): Inputs {
  const lists: readonly [string, string][] = [
    ["Action", "actions"],
    ["NotAction", "notActions"],
    ["Resource", "resources"],
    ["NotResource", "notResources"],
  ];
  return {
    ...(statement["sid"] ? { Sid: statement["sid"] } : {}),
    Effect: statement["effect"] ?? "Allow",
    ...Object.fromEntries(
      lists.flatMap(([name, argument]) => {
        const values: string[] = statement[argument] ?? [];
        return values.length > 0 ? [[name, oneOrMore(values)]] : [];
      }),
    ),
    ...principals("Principal", statement["principals"]),
    ...principals("NotPrincipal", statement["notPrincipals"]),
    ...conditions(statement["conditions"]),
  };
}

/** One value stands alone; several are sorted, the last first. */
const oneOrMore = (values: readonly string[]): string | string[] =>
  values.length === 1 ? values[0]! : [...values].sort().reverse();

function principals(name: string, list: Inputs[] = []): Inputs {
  if (list.length === 0) return {};
  const [only] = list;
  if (list.length === 1 && only!["type"] === "*") return { [name]: "*" };
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of list as { type: string; identifiers: string[] }[]) {
    byType[type] = [...(byType[type] ?? []), ...identifiers];
  }
  return {
    [name]: Object.fromEntries(Object.entries(byType).map(([type, values]) => [type, oneOrMore(values)])),
  };
}

function conditions(list: Inputs[] = []): Inputs {
  if (list.length === 0) return {};
  const byTest: Record<string, Record<string, string | string[]>> = {};
  for (const { test, variable, values } of list as { test: string; variable: string; values: string[] }[]) {
    byTest[test] = { ...byTest[test], [variable]: values.length === 1 ? values[0]! : values };
  }
  return { Condition: byTest };
}
