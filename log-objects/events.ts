/** What the function for log objects is called with, and what it remembers. */

/** One message of the queue at a time. */
export interface QueueEvent {
  readonly Records: readonly { readonly body: string }[];
}

/** What Lambda hands over beside the event. */
export interface QueueContext {
  getRemainingTimeInMillis(): number;
}

/**
 * What S3 tells EventBridge; the key as it is, not as part of an address.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export interface ObjectCreated {
  readonly "detail-type": string;
  readonly detail: {
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly etag?: string;
      readonly "version-id"?: string;
    };
  };
}

/** One version of one object. */
export interface LogObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag?: string;
}

/** What is kept of an object that was begun. */
export interface Note {
  readonly bucket: string;
  readonly key: string;
  /** Records that the stream has taken, from the first on. */
  readonly records: number;
  /** Bytes of the object's text up to the end of these; without it they are counted from the first on. */
  readonly bytes?: number;
  /** Whether the text was packed. */
  readonly isPacked?: boolean;
  /** Places of records behind these that it has taken too. */
  readonly also?: readonly number[];
  /** Nobody else works on it before this time, in milliseconds since 1970. */
  readonly untilMs: number;
  readonly isDone: boolean;
}

/** What no further try can read. */
export const unreadable = (message: string): Error =>
  Object.assign(new Error(message), { code: "UNREADABLE" });

/** Whether the bytes themselves cannot be read, as zlib or we say. */
export const isDamaged = (error: unknown): boolean =>
  /^(?:Z_|ZSTD_|UNREADABLE)/.test((error as { code?: string }).code ?? "");

/** What a bucket sends into a queue itself: keys in it are parts of an address, and there may be several. */
interface Notification {
  readonly Event?: unknown;
  readonly Records?: unknown;
}

/**
 * The object of an event; undefined where it is no log: other events, marks of folders, CloudTrail's digests.
 * @throws where the message is none of EventBridge's
 */
export const objectOf = (event: (Partial<ObjectCreated> & Notification) | null): LogObject | undefined => {
  const { key, etag, size, "version-id": versionId } = event?.detail?.object ?? {};
  const bucket = event?.detail?.bucket?.name;
  if (typeof key !== "string" || typeof bucket !== "string") {
    const isOfBucket = event?.Records !== undefined || event?.Event === "s3:TestEvent";
    throw unreadable(
      isOfBucket
        ? "the message is a notification of the bucket itself; have the bucket tell EventBridge, whose events are taken"
        : "the message is not an event that EventBridge has from S3",
    );
  }
  if (event?.["detail-type"] !== "Object Created" || (key.endsWith("/") && !size)) return undefined;
  if (key.includes("_CloudTrail-Digest_")) return undefined;
  return {
    bucket,
    key,
    ...(etag ? { etag: `"${etag}"` } : {}),
    // Where versions are suspended all that is written anew is the version "null".
    ...(versionId && versionId !== "null" ? { versionId } : {}),
  };
};
