/** Lambda functions and domains of the account: an invocation runs the uploaded text against its domain. */
import { invoke, loadHandler } from "../../infra/run-closure";
import { StubDomain } from "../../infra/stub-domain";
import type { Subject } from "./provider-server";
import type { Values } from "./values";

type FunctionNamed = (name: string) => Values;

const invocation = "aws:lambda/invocation:Invocation";

export class Functions {
  /** Events that went to functions, in this order. */
  readonly events: Values[] = [];
  /** By host name. */
  readonly domains = new Map<string, StubDomain>();

  async close(): Promise<void> {
    for (const domain of this.domains.values()) await domain.close();
  }

  /** A domain answers 401 to whoever does not know the master user's password. */
  async openDomain({ endpoint, advancedSecurityOptions }: Values): Promise<void> {
    const { masterUserName, masterUserPassword } = advancedSecurityOptions.masterUserOptions;
    const login = `Basic ${Buffer.from(`${masterUserName}:${masterUserPassword}`).toString("base64")}`;
    const domain = await StubDomain.start();
    domain.instead.push(({ headers }) => (headers.authorization === login ? undefined : { status: 401 }));
    this.domains.set(endpoint, domain);
  }

  async closeDomain({ endpoint }: Values): Promise<void> {
    await this.domains.get(endpoint)!.close();
    this.domains.delete(endpoint);
  }

  created({ type }: Subject, inputs: Values, named: FunctionNamed): Promise<Values> {
    return this.call(type, inputs, { action: "create", prev_input: null }, named);
  }

  updated({ type }: Subject, inputs: Values, before: Values, named: FunctionNamed): Promise<Values> {
    const previous = type === invocation ? JSON.parse(before["input"]) : null;
    return this.call(type, inputs, { action: "update", prev_input: previous }, named);
  }

  deleted({ type }: Subject, state: Values, named: FunctionNamed): Promise<Values> {
    return this.call(type, state, { action: "delete", prev_input: null }, named);
  }

  /** Runs a function on an event. */
  async run(fn: Values, event: unknown): Promise<unknown> {
    const variables: Record<string, string> = { ...fn["environment"]?.variables };
    const host = variables["ENDPOINT"]?.replace("https://", "");
    if (host !== undefined) {
      const domain = this.domains.get(host);
      if (!domain) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
      variables["ENDPOINT"] = domain.url;
    }
    // Where it waits before it tries again, only this clock moves.
    const clock = { nowMs: Date.now() };
    return invoke(loadHandler(textOf(fn), { environment: variables, clock }), event);
  }

  private async call(type: string, args: Values, tf: Values, named: FunctionNamed): Promise<Values> {
    const { functionName, input, lifecycleScope } = args;
    // Without CRUD the provider calls the function at the creation alone, with the bare input.
    const follows = lifecycleScope === "CRUD";
    if (type !== invocation || !(follows || tf["action"] === "create")) return {};
    const event = { ...JSON.parse(input), ...(follows ? { tf } : {}) };
    this.events.push(event);
    return { result: JSON.stringify(await this.run(named(functionName), event)) };
  }
}

/** The text that was uploaded. */
export const textOf = (fn: Values): string => fn["code"].assets["__index.js"].text;
