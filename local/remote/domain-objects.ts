/** The objects that a domain must hold, put into a server by the function that puts them into the domain. */
import { remoteRefused } from "../errors";
import type { FunctionPlan, Plan } from "../plan/plan";

/** Calls a function of the program once, with further variables in its environment. */
export type Invoke = (
  plan: FunctionPlan,
  environment: Readonly<Record<string, string>>,
  input: string,
) => Promise<{ readonly errorMessage: string } | { readonly payload: string }>;

export interface DomainObjectsOptions {
  readonly address: { readonly origin: string; readonly username: string; readonly password: string };
  readonly objects: Plan["domainObjects"];
  readonly invoke: Invoke;
  log(text: string): void;
}

/** Kinds of objects that any OpenSearch takes, in the order they need each other. */
const kindsHere = ["index-template"];

/** @throws UserError where the server cannot be reached or refuses an object */
export async function putDomainObjects({
  address,
  objects,
  invoke,
  log,
}: DomainObjectsOptions): Promise<void> {
  const { origin, username, password } = address;
  const environment = {
    ENDPOINT: origin,
    USERNAME: username,
    ...(password === "" ? {} : { PASSWORD: password }),
  };
  const kindOf = (input: string): string => (JSON.parse(input) as { kind: string }).kind;
  const skipped = objects.map(({ input }) => kindOf(input)).filter((kind) => !kindsHere.includes(kind));
  for (const kind of kindsHere) {
    for (const { name, function: fn, input } of objects.filter((object) => kindOf(object.input) === kind)) {
      const reply = await invoke({ ...fn, environment: {} }, environment, input);
      if ("errorMessage" in reply) throw remoteRefused(origin, name, reply.errorMessage);
    }
  }
  if (skipped.length > 0) log(`not put into ${origin}: ${skipped.join(", ")}`);
}
