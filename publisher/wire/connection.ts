/**
 * The SDK's client for a target, and the one call that the publisher makes with it. The SDK is in charge of
 * credentials, region, endpoint and errors; what it does for each record is done here, through its own extension
 * points, because it takes most of the processor time (`npm run bench -- publisher`).
 */
import {
  FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchResponseEntry,
} from "@aws-sdk/client-firehose";
import type { Target } from "../target";
import { BodyPool } from "./body-pool";
import type { Answer } from "./http-connection";
import { KeptConnectionsHandler } from "./http-handler";
import type { PutBatch } from "./put-batch";
import { RepeatedCall } from "./repeated-call";
import type { FailedEntry, PutCall } from "./send";
import { FirehoseSigner } from "./signer";

export interface Connection {
  readonly put: PutCall;
  close(): void;
}

const timeouts = { connectMs: 5_000, answerMs: 30_000 };

/**
 * Makes the client. Credentials, region and endpoint that the target leaves open are the SDK's business.
 * `maxAttempts` is 1: how often a batch is tried is decided in one place, send.ts, which has to know of every try to
 * slow down, to keep the time limit and to count what may be there twice.
 */
export function connect(target: Target, pool = new BodyPool(target.streamName)): Connection {
  const requestHandler = new KeptConnectionsHandler(timeouts, keepBody);
  const signer: FirehoseSigner = new FirehoseSigner(
    () => client.config.credentials(),
    () => client.config.region(),
  );
  const client: FirehoseClient = new FirehoseClient({
    ...(target.region && { region: target.region }),
    ...(target.endpoint && { endpoint: target.endpoint }),
    ...(target.credentials && { credentials: target.credentials }),
    maxAttempts: 1,
    requestHandler: requestHandler as never,
    signer: signer as never,
  });
  const bodies = new WeakMap<object, Buffer>();
  useOwnBody(client, bodies);
  const repeat = new RepeatedCall(requestHandler, signer, client.config);

  async function put(batch: PutBatch): Promise<readonly FailedEntry[]> {
    const body = pool.make(batch);
    try {
      return await call(body);
    } finally {
      // Whatever became of the call, its connection reads no more from it: see http-connection.ts.
      pool.giveBack(body);
    }
  }

  async function call(body: Buffer): Promise<readonly FailedEntry[]> {
    const answer = await repeat.send(body);
    if (answer?.body === allAccepted) return [];
    if (answer) requestHandler.answerWith(body, answer);
    // The SDK writes the request without records; its body is put in afterwards.
    const input = { DeliveryStreamName: target.streamName, Records: [] };
    bodies.set(input, body);
    const output = await client.send(new PutRecordBatchCommand(input));
    return output.FailedPutCount ? failedEntries(output.RequestResponses) : [];
  }

  return {
    put,
    close: () => {
      client.destroy();
      requestHandler.destroy();
    },
  };
}

/** Behind the SDK's serializer: the body is the one that was made for this input. */
function useOwnBody(client: FirehoseClient, bodies: WeakMap<object, Buffer>): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const body = bodies.get(args.input);
      if (body) (args.request as { body: unknown }).body = body;
      return next(args);
    },
    { step: "serialize", name: "ownBody", priority: "low" },
  );
}

const allAccepted = Buffer.from('{"FailedPutCount":0,"RequestResponses":[]}');

/** What is kept of an answer: without failures only the count. */
const keepBody = ({ statusCode, body }: Answer): Buffer =>
  statusCode === 200 && saysAllAccepted(body) ? allAccepted : Buffer.from(body);

/** `"FailedPutCount":0` stands in front of the entries, within the first 200 bytes: no entry has an error. */
export function saysAllAccepted(body: Buffer): boolean {
  const start = body.toString("latin1", 0, 200);
  const count = start.indexOf('"FailedPutCount":0,');
  return count > 0 && start.lastIndexOf("[", count) < 0;
}

/** The entries with an error code; the answer has one entry per record, in the order of the request. */
export function failedEntries(responses: readonly PutRecordBatchResponseEntry[] = []): FailedEntry[] {
  return responses.flatMap(({ ErrorCode, ErrorMessage = "" }, position) =>
    ErrorCode ? [{ position, errorCode: ErrorCode, errorMessage: ErrorMessage }] : [],
  );
}
