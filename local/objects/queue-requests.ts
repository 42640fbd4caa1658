/** As much of SQS as a function for objects needs: SendMessage, in AWS's JSON protocol. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodyReader } from "../body-reader";

export interface SentMessage {
  /** As the caller names the queue. */
  readonly queueUrl: string;
  readonly body: string;
  readonly delaySeconds: number;
}

/** A message has at most a MiB. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maxMessageBytes = 1024 * 1024;

/** @param take @returns the message's id; undefined where there is no such queue */
export function answerQueueRequest(
  request: IncomingMessage,
  response: ServerResponse,
  bodies: BodyReader,
  take: (message: SentMessage) => string | undefined,
): Promise<void> {
  // In JSON each byte of a message may be six.
  return bodies.read(request, 6 * maxMessageBytes, async (text) => {
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1);
    if (operation !== "SendMessage") {
      return refuse(response, "UnsupportedOperation", `${operation} is not emulated; SendMessage is.`);
    }
    const { QueueUrl, MessageBody, DelaySeconds = 0 } = JSON.parse(text) as Record<string, unknown>;
    if (
      typeof MessageBody !== "string" ||
      MessageBody === "" ||
      Buffer.byteLength(MessageBody) > maxMessageBytes
    ) {
      return refuse(response, "InvalidParameterValue", `MessageBody has 1 to ${maxMessageBytes} bytes.`);
    }
    if (typeof DelaySeconds !== "number" || !(DelaySeconds >= 0 && DelaySeconds <= 900)) {
      return refuse(response, "InvalidParameterValue", "DelaySeconds is 0 to 900.");
    }
    const MessageId = take({ queueUrl: String(QueueUrl), body: MessageBody, delaySeconds: DelaySeconds });
    if (MessageId === undefined)
      return refuse(response, "QueueDoesNotExist", `There is no queue ${QueueUrl} here.`);
    answer(response, 200, {
      MessageId,
      MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex"),
    });
  });
}

const refuse = (response: ServerResponse, code: string, message: string): void =>
  answer(response, 400, { __type: `com.amazonaws.sqs#${code}`, message });

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
}
