/** `--opensearch URL`: the domain's objects are put into that server by the program's own closure, then it is delivered to. */
import { Client } from "@opensearch-project/opensearch";
import type { Clock } from "../clock";
import { remoteAddressWrong } from "../errors";
import type { Plan, SearchStreamPlan } from "../plan/plan";
import type { Destination, FieldCharts, PanelCounter, Searcher } from "../rooms";
import { type BulkClient, BulkDestination } from "./bulk-destination";
import { type Invoke, putDomainObjects } from "./domain-objects";
import { OpenSearchSearcher } from "./opensearch-searcher";
import { waitForServer } from "./wait-for-server";

/** The server as one stream has it. */
export interface Remote {
  readonly destination: Destination;
  readonly searcher: Searcher & PanelCounter & { readonly charts: FieldCharts };
}

export interface RemoteOptions {
  readonly url: string;
  readonly objects: Plan["domainObjects"];
  readonly clock: Clock;
  /** Calls a function of the program. */
  readonly invoke: Invoke;
  log(text: string): void;
}

/** Longest time that one `_bulk` may take, in milliseconds. */
const bulkTimeoutMs = 30_000;

/**
 * @returns what a stream has of the server; the ledger settles what was delivered
 * @throws UserError where the server cannot be reached or refuses the objects
 */
export async function connectRemote(
  options: RemoteOptions,
): Promise<(stream: SearchStreamPlan, ledger: Pick<Destination, "settle">) => Remote> {
  const { url, objects, clock, invoke, log } = options;
  const address = addressOf(url);
  await waitForServer({ ...address, clock, log });
  await putDomainObjects({ address, objects, invoke, log });
  const client = new Client({ node: url, maxRetries: 0, requestTimeout: bulkTimeoutMs });
  return ({ destination: plan, panels }, ledger) => ({
    destination: new BulkDestination({ client: client as unknown as BulkClient, plan, ledger, clock }),
    searcher: new OpenSearchSearcher({ url, indexName: plan.indexName, panels }),
  });
}

/** The parts of `http://HOST:PORT` or `https://USER:PASSWORD@HOST:PORT`. */
export function addressOf(text: string): { origin: string; username: string; password: string } {
  try {
    const { protocol, origin, username, password } = new URL(text);
    if (protocol === "http:" || protocol === "https:") {
      return { origin, username: decodeURIComponent(username), password: decodeURIComponent(password) };
    }
  } catch {
    // The same sentence for every text that is no such address.
  }
  throw remoteAddressWrong(text);
}
