/** S3 and SQS for the functions of a run, on one port. Nobody else knows the key that it wants. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BodyReader, BodyRefused } from "../body-reader";
import { closeAtOnce, listen } from "../listen";
import { answerBucketRequest, type BucketRequests } from "./bucket-requests";
import { answerQueueRequest, type SentMessage } from "./queue-requests";

export interface ObjectServerOptions extends BucketRequests {
  /** @returns the message's id; undefined where there is no such queue */
  take(message: SentMessage): string | undefined;
  /** Told of an error that is no caller's mistake. */
  onError(error: unknown): void;
}

export interface ObjectServer {
  readonly url: string;
  readonly accessKeyId: string;
  close(): Promise<void>;
}

export async function startObjectServer(options: ObjectServerOptions): Promise<ObjectServer> {
  const accessKeyId = `LOCAL${randomBytes(16).toString("hex").toUpperCase()}`;
  const bodies = new BodyReader();
  const server = createServer((request, response) => {
    answer(request, response, { ...options, accessKeyId, bodies }).catch((error: unknown) => {
      options.onError(error);
      response.destroy();
    });
  });
  await listen(server, 0, "127.0.0.1");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId,
    close: () => closeAtOnce(server),
  };
}

interface Served extends ObjectServerOptions {
  readonly accessKeyId: string;
  readonly bodies: BodyReader;
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const { accessKeyId, bodies } = served;
  if (!request.headers.authorization?.includes(`Credential=${accessKeyId}/`)) {
    response.writeHead(403).end();
    return;
  }
  const isQueue = request.method === "POST" && request.headers["x-amz-target"] !== undefined;
  if (!isQueue) return answerBucketRequest(request, response, served);
  try {
    await answerQueueRequest(request, response, bodies, (message) => served.take(message));
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error;
    response.writeHead(error.status).end();
  }
}
