/** Delivers to a real OpenSearch over `_bulk`, as Firehose does; the ledger stays in the embedded index's file. */
import type { Clock } from "../clock";
import { plainText } from "../plain-text";
import type { SearchDestinationPlan } from "../plan/plan";
import type { Destination, IndexDocument, LedgerEntry, Refusal } from "../rooms";
import { type ItemError, NoBulkAnswer, readBulkAnswer } from "./bulk-answer";

/** The one call that is made of the official client. */
export interface BulkClient {
  /** @param request `body` is the NDJSON text */
  bulk(request: { body: string }): Promise<{ body: unknown }>;
}

export interface BulkDestinationOptions {
  readonly client: BulkClient;
  readonly plan: SearchDestinationPlan;
  /** Settles what was delivered. */
  readonly ledger: Pick<Destination, "settle">;
  readonly clock: Clock;
}

/** Bytes of one request; the smallest instances of the service take 10 MiB. */
const maxRequestBytes = 5 * 1024 * 1024;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** A document with its place in the list that `write` was given. */
interface Waiting {
  readonly document: IndexDocument;
  readonly position: number;
}

/** What one request came to: who has to go again, who never will. */
interface Round {
  readonly again: Waiting[];
  readonly refused: { waiting: Waiting; error: ItemError }[];
  /** Why some go again. */
  readonly error: ItemError | undefined;
}

export class BulkDestination implements Destination {
  onTrouble: (text: string | undefined) => void = () => {};
  private readonly stopping = new AbortController();

  constructor(private readonly options: BulkDestinationOptions) {}

  /**
   * Documents keep their `_id` at every attempt, so one that was stored before a lost answer is not stored twice.
   * 429, 5xx and a server out of reach are tried again until the stream's retry duration ends; 4xx is final.
   */
  async write(documents: readonly IndexDocument[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (const chunk of chunksOf(documents)) refusals.push(...(await this.writeChunk(chunk)));
    return refusals.sort((a, b) => a.position - b.position);
  }

  settle(entry: LedgerEntry): Promise<void> {
    return this.options.ledger.settle(entry);
  }

  /** The run ends: whoever waits for the server to come back waits no longer. */
  stop(): void {
    this.stopping.abort();
  }

  private async writeChunk(chunk: readonly Waiting[]): Promise<Refusal[]> {
    const { clock, plan } = this.options;
    const endMs = clock.steadyMs() + plan.retryDurationSeconds * 1000;
    const refusals: Refusal[] = [];
    let waiting = chunk;
    let pauseMs = firstPauseMs;
    for (let attempts = 1; ; attempts++) {
      const { again, refused, error } = await this.send(waiting);
      for (const { waiting: one, error: final } of refused) refusals.push(refusalOf(one, final, attempts));
      if (!error || again.length === 0) break;
      this.onTrouble(
        `deliver: ${again.length} documents go again after attempt ${attempts}: ${error.status} ${plainText(error.reason)}`,
      );
      if (clock.steadyMs() + pauseMs > endMs) {
        // Given up, but the server is as it was: the trouble stays until one of its answers says otherwise.
        return [...refusals, ...again.map((one) => refusalOf(one, error, attempts))];
      }
      await clock.wait(pauseMs, this.stopping.signal);
      if (this.stopping.signal.aborted) throw new Error("stopped between two attempts");
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      waiting = again;
    }
    this.onTrouble(undefined);
    return refusals;
  }

  private async send(waiting: readonly Waiting[]): Promise<Round> {
    try {
      const { body } = await this.options.client.bulk({ body: this.bodyOf(waiting) });
      const errors = readBulkAnswer(
        body,
        waiting.map(({ document }) => (this.sendsIds ? document.id : undefined)),
      );
      if (waiting.length > 1 && errors.every(isUnreadable)) return await this.sendHalves(waiting);
      return sortItems(waiting, errors);
    } catch (cause) {
      const error = requestError(cause);
      if (error.status === 413 && waiting.length > 1) return this.sendHalves(waiting);
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        return { again: [], refused: waiting.map((one) => ({ waiting: one, error })), error };
      }
      return { again: [...waiting], refused: [], error };
    }
  }

  /**
   * The same documents in two requests: they are too many for the server, or one of them is the fault of all. Where
   * an ingest pipeline runs, OpenSearch refuses every document of a request that holds one malformed document.
   * Differs from AWS: Firehose is not known to do so.
   */
  private async sendHalves(waiting: readonly Waiting[]): Promise<Round> {
    const middle = waiting.length >> 1;
    const [a, b] = [await this.send(waiting.slice(0, middle)), await this.send(waiting.slice(middle))];
    return {
      again: [...a.again, ...b.again],
      refused: [...a.refused, ...b.refused],
      error: a.error ?? b.error,
    };
  }

  private get sendsIds(): boolean {
    return this.options.plan.documentId === "FIREHOSE_DEFAULT";
  }

  private bodyOf(waiting: readonly Waiting[]): string {
    const { sendsIds } = this;
    return waiting
      .map(({ document: { index, id, source } }) => {
        const action = JSON.stringify({ index: sendsIds ? { _index: index, _id: id } : { _index: index } });
        // A line break inside the document would begin another line of the request.
        return `${action}\n${source.replace(/[\r\n]+/g, " ")}\n`;
      })
      .join("");
  }
}

/** Errors of a document that is no JSON object; with an ingest pipeline, the second one comes with status 500. */
const unreadable = ["parse_exception", "not_x_content_exception"];
const isUnreadable = (error: ItemError | undefined) => unreadable.includes(error?.type ?? "");

function sortItems(waiting: readonly Waiting[], errors: readonly (ItemError | undefined)[]): Round {
  const again: Waiting[] = [];
  const refused: Round["refused"] = [];
  let first: ItemError | undefined;
  for (const [i, one] of waiting.entries()) {
    const error = errors[i];
    if (error === undefined) continue;
    if (error.status === 429 || (error.status >= 500 && !isUnreadable(error))) {
      again.push(one);
      first ??= error;
    } else {
      refused.push({ waiting: one, error });
    }
  }
  return { again, refused, error: first };
}

/** The status of a failed request; 503 where no answer came, or one that says nothing. */
function requestError(cause: unknown): ItemError {
  if (cause instanceof NoBulkAnswer) return { status: 503, type: cause.name, reason: cause.message };
  const { statusCode, name, message } = cause as { statusCode?: number; name?: string; message?: string };
  return { status: statusCode ?? 503, type: name ?? "Error", reason: message ?? String(cause) };
}

const refusalOf = (
  { position }: Waiting,
  { status, type, reason }: ItemError,
  attempts: number,
): Refusal => ({
  position,
  status,
  type,
  reason: plainText(reason),
  attempts,
});

function* chunksOf(documents: readonly IndexDocument[]): Generator<Waiting[]> {
  let chunk: Waiting[] = [];
  let bytes = 0;
  for (const [position, document] of documents.entries()) {
    const size = Buffer.byteLength(document.source) + 100;
    if (chunk.length > 0 && bytes + size > maxRequestBytes) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push({ document, position });
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
