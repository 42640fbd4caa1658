/**
 * A child process that evaluates the program and runs the function that sets up the domain, as Lambda would. It is
 * one of its own because a process reads NODE_EXTRA_CA_CERTS, the certificate it trusts besides, when it starts.
 */
import { join } from "node:path";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import { isSearchStream } from "../../local/plan/plan";
import { LambdaFunction } from "../../local/transform/lambda-function";
import type { LambdaReply } from "../../local/transform/lambda-worker";

export interface DomainCall {
  readonly id: number;
  /** JSON text of the event. */
  readonly event: string;
}

export interface DomainCallReply {
  readonly id: number;
  readonly reply: LambdaReply;
}

export interface Evaluated {
  readonly indexName: string;
  /** Events of the program's invocations, as JSON text, in their order. */
  readonly inputs: readonly string[];
}

async function main(): Promise<void> {
  const plan = await evaluateApart({ folder: join(__dirname, "../.."), stack: "dev" });
  const { ENDPOINT = "", USERNAME = "", PASSWORD = "", LOG_FILE: logFile = "" } = process.env;
  const fn = new LambdaFunction({
    plan: { ...plan.domainObjects[0]!.function, environment: { ENDPOINT, USERNAME, PASSWORD } },
    logFile,
  });
  process.on("message", ({ id, event }: DomainCall) => {
    void fn.invoke(event).then((reply) => process.send!({ id, reply } satisfies DomainCallReply));
  });
  process.on("disconnect", () => process.exit());
  process.send!({
    indexName: plan.streams.find(isSearchStream)!.destination.indexName,
    inputs: plan.domainObjects.map(({ input }) => input),
  } satisfies Evaluated);
}

void main();
