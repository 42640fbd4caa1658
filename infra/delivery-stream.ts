/** The Firehose stream: takes records, has them transformed, delivers to the domain and backs up to the bucket. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { networkOf } from "./network";
import { policyDocument, type Statement, sendersKeyStatement } from "./policy";
import type { Settings } from "./settings";

export interface DeliveryStreamArgs {
  readonly deliveryStreamName: string;
  /** As it will be; who sends records does not wait for the stream, nor the stream's end for them. */
  readonly deliveryStreamArn: pulumi.Input<string>;
  readonly roleArn: pulumi.Input<string>;
  readonly domainArn: pulumi.Input<string>;
  readonly bucketArn: pulumi.Input<string>;
  readonly logs: StreamLogs;
  readonly processor: aws.types.input.kinesis.FirehoseDeliveryStreamOpensearchConfigurationProcessingConfigurationProcessor;
  readonly settings: Pick<
    Settings,
    | "indexName"
    | "indexRotation"
    | "bufferIntervalSeconds"
    | "bufferSizeMiB"
    | "retryDurationSeconds"
    | "backupIntervalSeconds"
    | "backupMode"
    | "backupPrefix"
    | "errorPrefix"
    | "kmsKeyArn"
    | "vpc"
    | "publisherRoles"
  >;
}

export class DeliveryStream extends pulumi.ComponentResource {
  readonly deliveryStreamName: string;
  readonly deliveryStreamArn: pulumi.Output<string>;
  /** A policy for whoever sends records. */
  readonly publisherPolicyArn: pulumi.Output<string>;

  constructor(name: string, args: DeliveryStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:DeliveryStream", name, {}, opts);
    const { kmsKeyArn } = args.settings;
    const stream = new aws.kinesis.FirehoseDeliveryStream(
      name,
      {
        name: args.deliveryStreamName,
        destination: "opensearch",
        serverSideEncryption: kmsKeyArn
          ? { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: kmsKeyArn }
          : { enabled: true },
        opensearchConfiguration: opensearchConfiguration(args),
      },
      // The name is fixed, so a replacement (another backup mode, another VPC) has to make room first.
      { parent: this, deleteBeforeReplace: true, dependsOn: opts?.dependsOn },
    );
    this.deliveryStreamName = args.deliveryStreamName;
    this.deliveryStreamArn = stream.arn;
    const publisher = new aws.iam.Policy(
      `${name}-publisher`,
      {
        // Without the stream's name: another description is another policy, and takes the senders' rights away.
        description: "Send records into the stream",
        policy: policyDocument(publishStatements(args.deliveryStreamArn, kmsKeyArn)),
      },
      // Of earlier versions, it has the name of the stream in it.
      { parent: this, ignoreChanges: ["description"] },
    );
    this.publisherPolicyArn = publisher.arn;
    for (const role of args.settings.publisherRoles) {
      new aws.iam.RolePolicyAttachment(
        `${name}-publisher-${role}`,
        { role, policyArn: publisher.arn },
        { parent: this },
      );
    }
    this.registerOutputs({ deliveryStreamArn: this.deliveryStreamArn });
  }
}

function publishStatements(
  streamArn: pulumi.Input<string>,
  kmsKeyArn: pulumi.Input<string> | undefined,
): Statement[] {
  const put: Statement = { Action: ["firehose:PutRecord", "firehose:PutRecordBatch"], Resource: [streamArn] };
  return kmsKeyArn ? [put, sendersKeyStatement(streamArn, kmsKeyArn)] : [put];
}

function opensearchConfiguration(
  args: DeliveryStreamArgs,
): aws.types.input.kinesis.FirehoseDeliveryStreamOpensearchConfiguration {
  const { settings, roleArn, bucketArn, logs } = args;
  return {
    roleArn,
    domainArn: args.domainArn,
    indexName: settings.indexName,
    indexRotationPeriod: settings.indexRotation,
    bufferingInterval: settings.bufferIntervalSeconds,
    bufferingSize: settings.bufferSizeMiB,
    retryDuration: settings.retryDurationSeconds,
    // The id stays the same at every attempt, so a repeated delivery makes no second document.
    documentIdOptions: { defaultDocumentIdFormat: "FIREHOSE_DEFAULT" },
    s3BackupMode: settings.backupMode,
    s3Configuration: {
      roleArn,
      bucketArn,
      bufferingInterval: settings.backupIntervalSeconds,
      bufferingSize: settings.bufferSizeMiB,
      prefix: settings.backupPrefix,
      errorOutputPrefix: settings.errorPrefix,
      compressionFormat: "UNCOMPRESSED",
      ...(settings.kmsKeyArn ? { kmsKeyArn: settings.kmsKeyArn } : {}),
      cloudwatchLoggingOptions: logs.options("BackupDelivery"),
    },
    // `enabled` has no default: left out, the records would go on untransformed.
    processingConfiguration: { enabled: true, processors: [args.processor] },
    cloudwatchLoggingOptions: logs.options("DestinationDelivery"),
    ...(settings.vpc
      ? {
          vpcConfig: {
            roleArn,
            ...networkOf(settings.vpc),
          },
        }
      : {}),
  };
}

type LogStreamName = "DestinationDelivery" | "BackupDelivery";

/** Where Firehose writes why a delivery failed. */
export class StreamLogs extends pulumi.ComponentResource {
  private readonly streams: Record<LogStreamName, aws.cloudwatch.LogStream>;

  constructor(
    name: string,
    args: { readonly logGroupName: string; readonly retentionDays: number },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("firehose-opensearch:infra:StreamLogs", name, {}, opts);
    const group = new aws.cloudwatch.LogGroup(
      name,
      { name: args.logGroupName, retentionInDays: args.retentionDays },
      { parent: this },
    );
    const stream = (streamName: LogStreamName, role: string) =>
      new aws.cloudwatch.LogStream(
        `${name}-${role}`,
        { name: streamName, logGroupName: group.name },
        { parent: this },
      );
    this.streams = {
      DestinationDelivery: stream("DestinationDelivery", "destination"),
      BackupDelivery: stream("BackupDelivery", "backup"),
    };
    this.registerOutputs();
  }

  options(streamName: LogStreamName) {
    const stream = this.streams[streamName];
    return { enabled: true, logGroupName: stream.logGroupName, logStreamName: stream.name };
  }

  writeStatement(): Statement {
    return {
      Action: ["logs:PutLogEvents"],
      Resource: [this.streams.BackupDelivery.arn, this.streams.DestinationDelivery.arn],
    };
  }
}
