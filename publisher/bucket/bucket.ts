/** A bucket in S3 as the publisher and the replay read it: keys in order, and the bytes of an object. */
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { cannotRead, objectChanged, objectCut, objectGone, wrongUsage } from "../errors";
import { backoffMs, type Clock, realClock } from "../wire/backoff";
import { timeInName } from "./time-in-name";

export interface BucketObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970: the time in the object's name, else its last change. */
  readonly timeMs: number;
}

/** Tries without a byte more, before an object counts as one that cannot be read. */
const maxTries = 8;

export const isBucketUrl = (path: string): boolean => path.startsWith("s3://");

export class Bucket {
  private constructor(
    readonly name: string,
    readonly prefix: string,
    private readonly client: S3Client,
    private readonly clock: Clock,
  ) {}

  /**
   * @param url `s3://bucket` or `s3://bucket/prefix`
   * @param region undefined: as the SDK finds it; a bucket of another region is found all the same
   */
  static at(url: string, region: string | undefined, clock: Clock = realClock): Bucket {
    const [, name = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
    if (name === "") throw wrongUsage("what to read", url, "s3://bucket or s3://bucket/prefix");
    return new Bucket(name, prefix, clientFor(region), clock);
  }

  /** All objects below the prefix, in the order of their keys. Throws where the bucket cannot be listed. */
  async *list(): AsyncGenerator<BucketObject> {
    const { name: Bucket, prefix: Prefix } = this;
    let next: string | undefined;
    do {
      const request = new ListObjectsV2Command({ Bucket, Prefix, ...(next && { ContinuationToken: next }) });
      const page = await this.client.send(request).catch((error: unknown) => {
        throw cannotRead(`s3://${Bucket}/${Prefix}`, error);
      });
      for (const { Key: key, Size: sizeBytes = 0, LastModified } of page.Contents ?? []) {
        if (key) yield { key, sizeBytes, timeMs: timeInName(key) ?? LastModified?.getTime() ?? Number.NaN };
      }
      next = page.NextContinuationToken;
    } while (next);
  }

  /**
   * The bytes of one object, whatever its size, in chunks as they come. An answer that breaks off is gone on with from
   * its last byte, of the same version of the object alone. Throws where the object is gone, was written anew
   * meanwhile, or gives nothing more in eight tries.
   */
  async *read(key: string): AsyncGenerator<Buffer> {
    let at = 0;
    let etag: string | undefined;
    for (let tries = 1; ; tries++) {
      try {
        const object = await this.client.send(
          new GetObjectCommand({
            Bucket: this.name,
            Key: key,
            ...(etag && { IfMatch: etag }),
            ...(at > 0 && { Range: `bytes=${at}-` }),
          }),
        );
        etag ??= object.ETag;
        const end = at + (object.ContentLength ?? Number.NaN);
        for await (const chunk of object.Body as AsyncIterable<Buffer>) {
          at += chunk.length;
          tries = 1;
          yield chunk;
        }
        if (Number.isNaN(end) || at >= end) return;
        throw objectCut(at, end);
      } catch (error) {
        if (statusOf(error) === 412) throw objectChanged(at);
        if (statusOf(error) === 404) throw objectGone();
        if (isFinal(error) || tries === maxTries) throw error;
        await this.clock.sleep(backoffMs(tries, this.clock.random));
      }
    }
  }

  /** The whole of an object that is known to be small. */
  async bytes(key: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.read(key)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}

const clientFor = (region: string | undefined): S3Client =>
  new S3Client({
    followRegionRedirects: true,
    // Names with dots in them have no certificate of their own.
    forcePathStyle: true,
    ...(region && { region }),
  });

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** What S3 refuses it refuses again; throttling, its own failures and broken connections pass. */
function isFinal(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}
