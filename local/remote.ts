/** `--opensearch URL`: the domain's objects are put into that server by the program's own closure, then it is delivered to. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@opensearch-project/opensearch";
import { systemClock } from "./clock";
import { type BulkClient, OpenSearchDestination } from "./deliver/opensearch";
import { UserError } from "./errors";
import type { Plan } from "./plan/plan";
import type { Destination, EmbeddedIndex, Searcher } from "./rooms";
import { OpenSearchSearcher } from "./search/opensearch-searcher";
import { LambdaFunction } from "./transform/lambda-function";

/** Kinds of objects that any OpenSearch takes, in the order they need each other. */
const kindsHere = ["ingest-pipeline", "index-template"];

export interface Remote {
  readonly destination: Destination;
  readonly searcher: Searcher;
}

export interface RemoteOptions {
  readonly url: string;
  readonly plan: Plan;
  readonly ledger: EmbeddedIndex;
  readonly dataFolder: string;
  log(text: string): void;
}

/** @throws UserError where the server cannot be reached or refuses the objects */
export async function connectRemote({ url, plan, ledger, dataFolder, log }: RemoteOptions): Promise<Remote> {
  await prepare(url, plan, dataFolder, log);
  const { destination } = plan.stream;
  const client = new Client({ node: url, maxRetries: 0, requestTimeout: 30_000 });
  return {
    destination: new OpenSearchDestination({
      client: client as unknown as BulkClient,
      plan: destination,
      ledger,
      clock: systemClock,
      onTrouble: (text) => text !== undefined && log(text),
    }),
    searcher: new OpenSearchSearcher({ url, indexName: destination.indexName, panels: plan.panels }),
  };
}

async function prepare(
  url: string,
  plan: Plan,
  dataFolder: string,
  log: (text: string) => void,
): Promise<void> {
  const { origin, username, password } = parseUrl(url);
  const environment = {
    ENDPOINT: origin,
    USERNAME: username,
    ...(password === "" ? {} : { PASSWORD: password }),
  };
  mkdirSync(join(dataFolder, "logs"), { recursive: true });
  const skipped: string[] = [];
  const kindOf = (input: string): string => (JSON.parse(input) as { kind: string }).kind;
  const inOrder = kindsHere.flatMap((kind) =>
    plan.domainObjects.filter(({ input }) => kindOf(input) === kind),
  );
  for (const { input } of plan.domainObjects)
    if (!kindsHere.includes(kindOf(input))) skipped.push(kindOf(input));
  for (const { name, function: fn, input } of inOrder) {
    const lambda = new LambdaFunction({
      plan: { ...fn, environment: {} },
      environment,
      logFile: join(dataFolder, "logs", `${fn.name}.log`),
    });
    const reply = await lambda.invoke(input);
    await lambda.close();
    if ("errorType" in reply) throw new UserError(`${origin} did not take ${name}: ${reply.errorMessage}`);
  }
  if (skipped.length > 0) log(`not put into ${origin}: ${skipped.join(", ")}`);
}

function parseUrl(text: string): { origin: string; username: string; password: string } {
  try {
    const { protocol, origin, username, password } = new URL(text);
    if (protocol === "http:" || protocol === "https:") {
      return { origin, username: decodeURIComponent(username), password: decodeURIComponent(password) };
    }
  } catch {
    // The same sentence for every text that is no such address.
  }
  throw new UserError(
    `--opensearch ${text} is no address. Expected http://HOST:PORT or https://USER:PASSWORD@HOST:PORT.`,
  );
}
