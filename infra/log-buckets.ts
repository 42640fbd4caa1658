/**
 * Sends the objects of log buckets into the stream: EventBridge -> queue -> function. The notifications that others have
 * set on a bucket stay as they are; EventBridge is a switch beside them.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logObjectsFactory } from "../log-objects/handler";
import { BackupBucket } from "./backup-bucket";
import { closureFunction, closureRuntime } from "./closure";
import { checkedPlace } from "./log-bucket-checks";
import { arnOf, type Place } from "./names";
import { lambdaTrustPolicy, policyDocument, type Statement, sendersKeyStatement } from "./policy";
import { writeLogs } from "./processor-function";

export interface LogBucketsArgs {
  readonly place: pulumi.Input<Place>;
  /** `bucket` or `bucket/prefix`, of this region, with EventBridge switched on. */
  readonly logBuckets: readonly string[];
  /** Keys of a customer that the objects are encrypted with. */
  readonly logBucketKeyArns: readonly string[];
  /** Name of the pipeline, for people. */
  readonly owner: string;
  /** The stack's own buckets, none of which may be among them. */
  readonly ownBuckets: readonly pulumi.Input<string>[];
  /** Start of the names of function and queues. */
  readonly baseName: string;
  readonly deliveryStreamName: string;
  readonly deliveryStreamArn: pulumi.Output<string>;
  /** ARN of the stream's key, where it has one. */
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
  readonly logRetentionDays: number;
  readonly protect: boolean;
}

interface Beside {
  readonly queue: aws.sqs.Queue;
  readonly failed: aws.sqs.Queue;
  readonly notes: BackupBucket;
}

/** A version of an object that comes again after this time is sent again. */
const noteDays = 30;
const timeoutSeconds = 300;
/** Functions at a time; the least that a queue takes. */
const concurrency = 2;
const day = 86_400;

/**
 * Bytes that a stream takes in a second without anybody having asked for more.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 */
const quotaBytes = (region: string): number =>
  (["us-east-1", "us-west-2", "eu-west-1"].includes(region) ? 5 : 1) * 1024 * 1024;
/** What others send at the same time has room beside it. */
const share = 0.8;

export class LogBuckets extends pulumi.ComponentResource {
  /** Events whose objects cannot be read, each with its reason. */
  readonly failedQueueName: pulumi.Output<string>;

  constructor(name: string, given: LogBucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:LogBuckets", name, {}, opts);
    const args = { ...given, place: checkedPlace(given, this) };
    const failed = new aws.sqs.Queue(
      `${name}-failed`,
      { messageRetentionSeconds: 14 * day, sqsManagedSseEnabled: true },
      { parent: this },
    );
    this.failedQueueName = failed.name;
    const queue = new aws.sqs.Queue(
      `${name}-events`,
      {
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: 14 * day,
        // AWS advises six times the function's timeout.
        visibilityTimeoutSeconds: 6 * timeoutSeconds,
        redrivePolicy: failed.arn.apply((deadLetterTargetArn) =>
          JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 }),
        ),
      },
      { parent: this },
    );
    for (const queueOf of [queue, failed]) {
      const isEvents = queueOf === queue;
      new aws.sqs.QueuePolicy(
        `${name}-${isEvents ? "events" : "failed"}-policy`,
        { queueUrl: queueOf.id, policy: queuePolicy(queueOf.arn, isEvents ? args.place : undefined) },
        { parent: this },
      );
    }
    for (const logBucket of args.logBuckets) this.rule(name, logBucket, queue, args.place);
    const notes = new BackupBucket(
      `${name}-notes`,
      { ...args, retentionDays: noteDays, kmsKeyArn: undefined, existingBucket: undefined },
      { parent: this },
    );
    this.function(name, args, { queue, failed, notes });
    this.registerOutputs({ failedQueueName: this.failedQueueName });
  }

  private rule(name: string, logBucket: string, queue: aws.sqs.Queue, checked: pulumi.Input<Place>): void {
    const [bucket = "", prefix] = partsOf(logBucket);
    const role = `${name}-${logBucket.replaceAll("/", "-")}`;
    const object = prefix ? { object: { key: [{ prefix }] } } : {};
    const pattern = JSON.stringify({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [bucket] }, ...object },
    });
    // No rule before the bucket is known to be one that may be read.
    const eventPattern = pulumi.output(checked).apply(() => pattern);
    const rule = new aws.cloudwatch.EventRule(role, { eventPattern }, { parent: this });
    new aws.cloudwatch.EventTarget(`${role}-target`, { rule: rule.name, arn: queue.arn }, { parent: this });
  }

  private role(name: string, args: LogBucketsArgs, beside: Beside, logGroup: aws.cloudwatch.LogGroup) {
    const { queue, failed, notes } = beside;
    const { deliveryStreamArn, kmsKeyArn } = args;
    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: lambdaTrustPolicy }, { parent: this });
    const statements: Statement[] = [
      writeLogs(logGroup.arn),
      ...readStatements(args),
      {
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: [pulumi.interpolate`${notes.bucketArn}/notes/*`],
      },
      { Action: ["sqs:SendMessage"], Resource: [queue.arn, failed.arn] },
      {
        Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        Resource: [queue.arn],
      },
      { Action: ["firehose:PutRecordBatch"], Resource: [deliveryStreamArn] },
      ...(kmsKeyArn
        ? [
            sendersKeyStatement(deliveryStreamArn, kmsKeyArn),
            // For the function's environment.
            { Action: ["kms:Decrypt"], Resource: [kmsKeyArn] },
          ]
        : []),
    ];
    const policy = { role: role.name, policy: policyDocument(statements) };
    return { role, rolePolicy: new aws.iam.RolePolicy(`${name}-role-policy`, policy, { parent: this }) };
  }

  private function(name: string, args: LogBucketsArgs, beside: Beside): void {
    const { queue, failed, notes } = beside;
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/lambda/${args.baseName}-log-objects`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const { role, rolePolicy } = this.role(name, args, beside, logGroup);
    const lambda = closureFunction(
      name,
      {
        callbackFactory: logObjectsFactory,
        role,
        runtime: closureRuntime,
        memorySize: 512,
        timeout: timeoutSeconds,
        environment: {
          variables: {
            DELIVERY_STREAM_NAME: args.deliveryStreamName,
            NOTES_BUCKET: notes.bucketName,
            // A queue's id is its address.
            QUEUE_URL: queue.id,
            FAILED_QUEUE_URL: failed.id,
            BYTES_PER_SECOND: pulumi
              .output(args.place)
              .apply(({ region }) => String(Math.floor((quotaBytes(region) * share) / concurrency))),
          },
        },
        ...(args.kmsKeyArn ? { kmsKeyArn: args.kmsKeyArn } : {}),
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      },
      { parent: this, dependsOn: [rolePolicy, ...notes.settings] },
    );
    new aws.lambda.EventSourceMapping(
      `${name}-mapping`,
      {
        eventSourceArn: queue.arn,
        functionName: lambda.name,
        batchSize: 1,
        scalingConfig: { maximumConcurrency: concurrency },
      },
      { parent: this, dependsOn: [rolePolicy] },
    );
  }
}

/** `bucket` and what the keys begin with. */
const partsOf = (logBucket: string): [bucket: string, prefix: string] => {
  const slash = logBucket.indexOf("/");
  return slash < 0 ? [logBucket, ""] : [logBucket.slice(0, slash), logBucket.slice(slash + 1)];
};

function readStatements({ logBuckets, logBucketKeyArns, place }: LogBucketsArgs): Statement[] {
  const objects = logBuckets.map((logBucket) =>
    pulumi.output(place).apply(({ partition }) => `arn:${partition}:s3:::${partsOf(logBucket).join("/")}*`),
  );
  const via = pulumi.output(place).apply(({ region }) => `s3.${region}.amazonaws.com`);
  return [
    { Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: objects },
    ...(logBucketKeyArns.length > 0
      ? [
          {
            Action: ["kms:Decrypt"],
            Resource: [...logBucketKeyArns],
            Condition: { StringEquals: { "kms:ViaService": via } },
          },
        ]
      : []),
  ];
}

/** TLS only; EventBridge of this account sends into the queue of events. */
function queuePolicy(
  arn: pulumi.Output<string>,
  place: pulumi.Input<Place> | undefined,
): pulumi.Output<string> {
  const onlyTls: Statement = {
    Effect: "Deny",
    Principal: "*",
    Action: ["sqs:*"],
    Resource: [arn],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  if (!place) return policyDocument([onlyTls]);
  const rules = pulumi.output(place).apply((at) => arnOf(at, "events", "rule/*"));
  return policyDocument([
    onlyTls,
    {
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: [arn],
      Condition: { ArnLike: { "aws:SourceArn": rules } },
    },
  ]);
}
