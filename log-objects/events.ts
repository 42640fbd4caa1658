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
  /** Places of records behind these that it has taken too. */
  readonly also?: readonly number[];
  /** Nobody else works on it before this time, in milliseconds since 1970. */
  readonly untilMs: number;
  readonly isDone: boolean;
}

/** What no further try can read. */
export const unreadable = (message: string): Error =>
  Object.assign(new Error(message), { code: "UNREADABLE" });
