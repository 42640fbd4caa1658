/**
 * The SDK's client for a target, and the one call that the publisher makes with it. The SDK is in charge of
 * credentials, region, endpoint and errors; what it does for each record is done here, through its own extension
 * points, because it takes most of the processor time (`npm run bench -- publisher`).
 */
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { noCredentials, noServiceError, notAnAnswer } from "../errors";
import type { Target } from "../target";
import type { Answer } from "./answer-reader";
import { BodyPool } from "./body-pool";
import { failedEntries } from "./failed-entries";
import { failureOf } from "./failures";
import { KeptConnectionsHandler, kept } from "./http-handler";
import type { PutBatch } from "./put-batch";
import { RepeatedCall } from "./repeated-call";
import type { FailedEntry, PutCall } from "./send";
import { type Credentials, FirehoseSigner } from "./signer";

export interface Connection {
  readonly put: PutCall;
  close(): void;
}

const timeouts = { connectMs: 5_000, answerMs: 30_000 };

/** @param pool makes the bodies of the calls */
export function connect(target: Target, pool = new BodyPool(target.streamName)): Connection {
  const requestHandler = new KeptConnectionsHandler(timeouts);
  const { client, signer } = clientOf(target, requestHandler);
  const bodies = new WeakMap<object, Buffer>();
  useOwnBody(client, bodies);
  const credentials = credentialsOf(client);
  const repeat = new RepeatedCall(requestHandler, signer, client.config, credentials);

  async function put(batch: PutBatch): Promise<readonly FailedEntry[]> {
    const body = pool.make(batch);
    try {
      return await call(body, batch.count);
    } finally {
      // Whatever became of the call, its connection reads no more from it: see http-connection.ts.
      pool.giveBack(body);
    }
  }

  async function call(body: Buffer, count: number): Promise<readonly FailedEntry[]> {
    const result = await repeat.send(body, (answer) => outcomeOf(answer, count));
    return result === undefined
      ? first(body, count)
      : "failed" in result
        ? result.failed
        : refused(body, result);
  }

  /** The SDK writes a request without records; its body is put in afterwards. Its answer is read here, too. */
  async function first(body: Buffer, count: number): Promise<readonly FailedEntry[]> {
    const input = { DeliveryStreamName: target.streamName, Records: [] };
    bodies.set(input, body);
    // The SDK asks for them again, and has the same; what it says where there are none names no way out.
    await credentials();
    let cause: unknown;
    try {
      await client.send(new PutRecordBatchCommand(input));
    } catch (error) {
      cause = error;
    }
    const answer = requestHandler.answerTo(body);
    if (answer === undefined) throw cause;
    const result = outcomeOf(answer, count);
    if ("failed" in result) return result.failed;
    throw errorOf(answer, cause);
  }

  /** The SDK makes its own error of an answer that is there already, and corrects its clock by it. */
  async function refused(body: Buffer, answer: Answer): Promise<never> {
    requestHandler.answerWith(body, answer);
    const input = { DeliveryStreamName: target.streamName, Records: [] };
    bodies.set(input, body);
    const cause: unknown = await client.send(new PutRecordBatchCommand(input)).then(
      () => undefined,
      (error: unknown) => error,
    );
    throw errorOf(answer, cause);
  }

  return {
    put,
    close: () => {
      client.destroy();
      requestHandler.destroy();
    },
  };
}

/**
 * Credentials, region and endpoint that the target leaves open are the SDK's business. `maxAttempts` is 1: how often a
 * batch is tried is decided in one place, send.ts, which has to know of every try to slow down, to keep the time limit
 * and to count what may be there twice.
 */
function clientOf(
  target: Target,
  requestHandler: KeptConnectionsHandler,
): { readonly client: FirehoseClient; readonly signer: FirehoseSigner } {
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
  return { client, signer };
}

/** What may be another time, such as an address that does not answer, stays what it is. */
const credentialsOf = (client: FirehoseClient) => async (): Promise<Credentials> => {
  try {
    return await client.config.credentials();
  } catch (cause) {
    throw failureOf(cause) === "fatal" ? noCredentials(cause) : cause;
  }
};

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

/** What became of each record, or the answer that does not say it. */
const outcomeOf = (answer: Answer, count: number): { readonly failed: readonly FailedEntry[] } | Answer =>
  answer.statusCode === 200 ? { failed: failedEntries(answer.body, count) } : kept(answer);

/** The SDK's error where the answer has one that can be read; else what the answer is. */
function errorOf({ statusCode, body }: Answer, cause: unknown): unknown {
  const { name, message } = (cause ?? {}) as { name?: unknown; message?: unknown };
  const isNamed = typeof name === "string" && name !== "SyntaxError" && name !== "Unknown";
  if (cause !== undefined && isNamed && typeof message === "string") return cause;
  const begin = body.length === 0 ? "an empty body" : JSON.stringify(body.toString("utf8", 0, 80));
  if (statusCode >= 200 && statusCode < 300) return notAnAnswer(`status ${statusCode} and ${begin}`);
  return noServiceError(statusCode, begin, isNamed ? name : undefined);
}
