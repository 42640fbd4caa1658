/** What only AWS can say of the log buckets, asked before anything is made. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./names";

export interface LogBucketChecks {
  /** Name of the pipeline, for people. */
  readonly owner: string;
  /** `bucket` or `bucket/prefix`. */
  readonly logBuckets: readonly string[];
  readonly place: pulumi.Input<Place>;
  /** The stack's own buckets; their names may be known only once they are made. */
  readonly ownBuckets: readonly pulumi.Input<string>[];
}

/**
 * The place, once nothing speaks against the buckets there. A preview asks too: it stops with every problem in one error.
 */
export function checkedPlace(checks: LogBucketChecks, parent: pulumi.Resource): pulumi.Output<Place> {
  const { owner, logBuckets, place, ownBuckets } = checks;
  const asked = pulumi.output(place).apply(async (at) => {
    const buckets = [...new Set(logBuckets.map(bucketOf))];
    const facts = await Promise.all(buckets.map((bucket) => ask(bucket, parent)));
    stop(
      owner,
      logBuckets.flatMap((one) =>
        problemsOf(one, facts.find(({ bucket }) => bucket === bucketOf(one))!, at.region),
      ),
    );
    return at;
  });
  return pulumi.all([asked, pulumi.all([...ownBuckets])]).apply(([at, own]) => {
    const problems = logBuckets.filter((one) => own.includes(bucketOf(one)));
    stop(
      owner,
      problems.map((one) => `  ${one} is the stack's own; ${ofOthers}`),
    );
    return at;
  });
}

const ofOthers =
  "allowed: buckets of others, as each object of the stack's own would make the next one. Name another bucket";

const bucketOf = (logBucket: string): string => logBucket.split("/")[0]!;

function stop(owner: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const text = `The log buckets of ${owner} cannot be taken, nothing was changed:\n${problems.join("\n")}`;
  const error = new pulumi.RunError(text);
  // Whatever waits for the place would fail with a message of its own. A preview makes nothing: it tells this one alone.
  if (!pulumi.runtime.isDryRun()) throw error;
  void Promise.reject(error);
}

/** What AWS says of a bucket. */
export interface BucketFacts {
  readonly bucket: string;
  /** Why AWS says nothing. */
  readonly refusal?: string;
  readonly region?: string;
  readonly tellsEventBridge?: boolean;
  /** Where its access logs are written to; undefined: nowhere, or nobody may know. */
  readonly accessLogs?: { readonly bucket: string; readonly prefix: string };
}

async function ask(bucket: string, parent: pulumi.Resource): Promise<BucketFacts> {
  try {
    const { bucketRegion: region } = await aws.s3.getBucket({ bucket }, { parent });
    const { eventbridge: tellsEventBridge } = await aws.s3.getBucketNotification({ bucket }, { parent });
    const accessLogs = await accessLogsOf(bucket, parent);
    return { bucket, region, tellsEventBridge, ...(accessLogs && { accessLogs }) };
  } catch (error) {
    return { bucket, refusal: textOf(error) };
  }
}

/** The provider has no function for a bucket's logging; Cloud Control has, for who may ask it. */
async function accessLogsOf(bucket: string, parent: pulumi.Resource): Promise<BucketFacts["accessLogs"]> {
  try {
    const typeName = "AWS::S3::Bucket";
    const { properties } = await aws.cloudcontrol.getResource({ typeName, identifier: bucket }, { parent });
    const { LoggingConfiguration: logging } = JSON.parse(properties) as {
      readonly LoggingConfiguration?: {
        readonly DestinationBucketName?: string;
        readonly LogFilePrefix?: string;
      };
    };
    // Without a destination they are written into the bucket itself.
    return (
      logging && { bucket: logging.DestinationBucketName ?? bucket, prefix: logging.LogFilePrefix ?? "" }
    );
  } catch (error) {
    const text = `Nobody could be asked where the access logs of ${bucket} are written (${textOf(error)}). Written into the part of it that is read, each object that is read makes the next one.`;
    void pulumi.log.warn(text, parent);
    return undefined;
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();

/** Each as a line that says what it is, what is allowed, and what to do. */
export function problemsOf(logBucket: string, facts: BucketFacts, region: string): string[] {
  const { refusal, accessLogs } = facts;
  if (refusal !== undefined) {
    return [
      `  ${logBucket}: AWS answers "${refusal}"; allowed: a bucket of this account that is there already. Make it first; who deploys needs s3:ListBucket and s3:GetBucketNotification on it`,
    ];
  }
  const problems: string[] = [];
  if (facts.region !== region) {
    problems.push(
      `  ${logBucket} is in ${facts.region}; allowed: ${region}, the stack's region. Deploy a stack in ${facts.region} for it`,
    );
  }
  if (!facts.tellsEventBridge) {
    problems.push(
      `  ${logBucket} does not tell EventBridge of new objects; allowed: buckets that do. Its owner switches that on under Properties, Amazon EventBridge`,
    );
  }
  if (accessLogs && accessLogs.bucket === facts.bucket && isRead(logBucket, accessLogs.prefix)) {
    problems.push(
      `  ${logBucket} gets the bucket's own access logs, below "${accessLogs.prefix}"; allowed: a part without them, as each object that is read would make the next one. Name another prefix, or have them written into another bucket`,
    );
  }
  return problems;
}

/** Whether keys that begin with `prefix` may be among those that are read. */
function isRead(logBucket: string, prefix: string): boolean {
  const read = logBucket.slice(bucketOf(logBucket).length + 1);
  return prefix.startsWith(read) || read.startsWith(prefix);
}
