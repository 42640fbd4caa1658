/** S3 and SQS as the function uses them; the SDK is in Lambda's runtime. */
import type { LogObject } from "./events";

/** Taken again and again until the end, from its last byte, of the same version alone. */
export interface Store {
  /**
   * Gives the object's bytes from one on to `take`, one chunk after another.
   * @throws where it is gone, forbidden or another by now
   */
  read(object: LogObject, from: number, take: (chunk: Buffer) => Promise<void>): Promise<void>;
  /** @returns whether the condition held and the note is written */
  putNote(
    key: string,
    text: string,
    condition: { readonly IfNoneMatch?: "*"; readonly IfMatch?: string },
  ): Promise<boolean>;
  readNote(key: string): Promise<{ readonly text: string; readonly etag: string }>;
  /** Puts a message into a queue. */
  tell(queueUrl: string, body: string, waitSeconds: number): Promise<void>;
}

/** An SDK's client and its commands: their types would put the SDK into the closure. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Sdk = any;

/** Reads the environment variable NOTES_BUCKET. */
export const createStore = (): Store => {
  const { NOTES_BUCKET: notes } = process.env;
  const s3: Sdk = require("@aws-sdk/client-s3");
  const sqs: Sdk = require("@aws-sdk/client-sqs");
  const objects = new s3.S3Client({ forcePathStyle: true });
  const queues = new sqs.SQSClient({});
  return {
    read: createRead(s3, objects),
    putNote: async (Key, Body, condition) => {
      try {
        await objects.send(new s3.PutObjectCommand({ Bucket: notes, Key, Body, ...condition }));
        return true;
      } catch (error) {
        // Written by somebody else, before or at the same time.
        if ([409, 412].includes(statusOf(error))) return false;
        throw error;
      }
    },
    readNote: async (Key) => {
      const { Body, ETag } = await objects.send(new s3.GetObjectCommand({ Bucket: notes, Key }));
      return { text: await Body.transformToString(), etag: ETag };
    },
    tell: async (QueueUrl, MessageBody, DelaySeconds) => {
      await queues.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
    },
  };
};

/** HTTP status of an error of the SDK, 0 where there was no answer. */
export const statusOf = (error: unknown): number =>
  (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode ?? 0;

/**
 * Whether another try may help: all but the refusals of 4xx, and those among them that pass.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const mayPass = (error: unknown): boolean => {
  const status = statusOf(error);
  const passing = /^(?:RequestTimeout|RequestTimeTooSkewed|ExpiredToken|TokenRefreshRequired|.*Throttl\w*)$/;
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return !isRefusal || passing.test((error as Error).name);
};

function createRead(s3: Sdk, objects: Sdk): Store["read"] {
  const maxTries = 6;
  const { random } = Math;
  const wait = setTimeout;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void wait(resolve, ms));
  const readFrom = async (object: LogObject, at: number, take: (chunk: Buffer) => Promise<void>) => {
    const { bucket: Bucket, key: Key, versionId, etag } = object;
    const answer = await objects.send(
      new s3.GetObjectCommand({
        Bucket,
        Key,
        ...(versionId ? { VersionId: versionId } : etag ? { IfMatch: etag } : {}),
        ...(at > 0 ? { Range: `bytes=${at}-` } : {}),
      }),
    );
    let left: number = answer.ContentLength;
    for await (const chunk of answer.Body) {
      left -= chunk.length;
      await take(chunk);
    }
    if (left > 0) throw new Error(`the answer ended ${left} bytes too early`);
  };
  return async (object, from, take) => {
    let at = from;
    for (let tries = 1; ; tries++) {
      let isTaking = false;
      try {
        return await readFrom(object, at, async (chunk) => {
          at += chunk.length;
          tries = 1;
          isTaking = true;
          await take(chunk);
          isTaking = false;
        });
      } catch (error) {
        if (isTaking) throw error;
        // It broke off behind the last byte.
        if (at > 0 && statusOf(error) === 416) return;
        if (!mayPass(error) || tries === maxTries) throw error;
        await pause(random() * 100 * 2 ** tries);
      }
    }
  };
}
