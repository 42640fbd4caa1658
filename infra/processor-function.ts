/** The Lambda function that transforms records: a closure over the configured processors. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TransformAnswer, TransformEvent } from "../firehose/transform";
import { processors } from "../processors";
import { type TransformHandler, transformHandlerFactory } from "../processors/handler";
import type { Processor } from "../processors/processor";
import { closureFunction, closureRuntime } from "./closure";
import { lambdaTrustPolicy, policyDocument, type Statement, sendersKeyStatement } from "./policy";
import type { RedactSettings } from "./settings";
import type { StreamProcessor } from "./stream-processor";

export interface ProcessorFunctionArgs {
  /** Name of the function's log group, such as `/aws/lambda/web-processor`. */
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  /** In the order in which a record passes them. */
  readonly chain: readonly Processor[];
  /** Whether the stream's probe is let through, whatever the chain makes of other records. */
  readonly probe: boolean;
  readonly redact: RedactSettings;
  /** Names in the order of the lines' fields, for `access-log`. @default AWS's order */
  readonly accessLogFields?: readonly string[];
  /** Names in the order of the lines' fields, for `vpc-flow`. @default AWS's order */
  readonly vpcFlowFields?: readonly string[];
  /** ARN of the stream that calls the function. */
  readonly streamArn: pulumi.Input<string>;
  /** ARN of the stream's key, where it has one. */
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
  /** Firehose calls the function after this time at the latest, 0 to 900. */
  readonly bufferIntervalSeconds: number;
}

export class ProcessorFunction extends pulumi.ComponentResource implements StreamProcessor {
  readonly lambda: aws.lambda.CallbackFunction<TransformEvent, TransformAnswer>;
  readonly logGroupName: pulumi.Output<string>;
  readonly batches: StreamProcessor["batches"];

  constructor(name: string, args: ProcessorFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:Processor", name, {}, opts);
    this.batches = {
      BufferSizeInMBs: bufferSizeMB,
      BufferIntervalInSeconds: args.bufferIntervalSeconds,
    };
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: args.logGroupName, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    this.logGroupName = logGroup.name;
    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: lambdaTrustPolicy }, { parent: this });
    const environment = environmentOf(args);
    const rolePolicy = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      {
        role: role.name,
        policy: policyDocument([
          writeLogs(logGroup.arn),
          ...putAgainStatements(args),
          ...keyStatements(args, environment),
        ]),
      },
      { parent: this },
    );
    this.lambda = closureFunction(
      name,
      {
        callbackFactory: handlerFactoryOf(args.chain, args.probe),
        role,
        runtime: closureRuntime,
        memorySize: 512,
        timeout: 120,
        // Firehose calls a version, so that a batch is never met by half of a change.
        publish: true,
        ...(environment && { environment: { variables: environment } }),
        ...(environment && args.kmsKeyArn ? { kmsKeyArn: args.kmsKeyArn } : {}),
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      },
      { parent: this, dependsOn: [rolePolicy] },
    );
    this.registerOutputs({ functionArn: this.lambda.qualifiedArn });
  }
}

interface KnownFactory {
  readonly chain: readonly Processor[];
  readonly isProbed: boolean;
  readonly factory: () => TransformHandler;
}

const handlerFactories: KnownFactory[] = [];

/** The same factory for the same chain: its text is made once. */
function handlerFactoryOf(chain: readonly Processor[], isProbed: boolean): () => TransformHandler {
  const isSame = (other: readonly Processor[]) =>
    other.length === chain.length && other.every((processor, i) => processor === chain[i]);
  const known = handlerFactories.find((one) => one.isProbed === isProbed && isSame(one.chain));
  if (known) return known.factory;
  const factory = transformHandlerFactory(chain, { isProbed });
  handlerFactories.push({ chain, isProbed, factory });
  return factory;
}

/**
 * So that an answer fits Lambda's 6 MB although the documents are larger than their records: the time that is written
 * into them makes of 27 bytes 68, and `map` makes 102 of any. With the default of 1 MB both would be too much.
 */
const bufferSizeMB = 0.5;

/** The function cannot create a log group: the one here, with its retention, is there before it. */
export const writeLogs = (logGroupArn: pulumi.Output<string>): Statement => ({
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  // Lambda chooses the names of the streams within the group.
  Resource: [pulumi.interpolate`${logGroupArn}:log-stream:*`],
});

/** What the chain's processors read at their cold start; undefined where none of them reads anything. */
function environmentOf(args: ProcessorFunctionArgs): Record<string, string> | undefined {
  const { chain, redact, accessLogFields = [], vpcFlowFields = [] } = args;
  const variables: Record<string, string> = {};
  if (chain.includes(processors["redact"]!)) {
    variables["REDACT_FIELDS"] = JSON.stringify(redact.fields);
    variables["REDACT_PATTERNS"] = JSON.stringify(redact.patterns);
  }
  if (accessLogFields.length > 0) variables["ACCESS_LOG_FIELDS"] = JSON.stringify(accessLogFields);
  if (vpcFlowFields.length > 0) variables["VPC_FLOW_FIELDS"] = JSON.stringify(vpcFlowFields);
  return Object.keys(variables).length > 0 ? variables : undefined;
}

/** For processors that put further documents of a record into the stream: this one stream, nothing else. */
function putAgainStatements({ chain, streamArn }: ProcessorFunctionArgs): Statement[] {
  if (!chain.some((processor) => processor.putAgain)) return [];
  return [{ Action: ["firehose:PutRecordBatch"], Resource: [streamArn] }];
}

/** The account's own key encrypts what is put into the stream, and the function's environment where it has one. */
function keyStatements(
  { chain, kmsKeyArn, streamArn }: ProcessorFunctionArgs,
  environment: object | undefined,
): Statement[] {
  if (!kmsKeyArn) return [];
  return [
    ...(chain.some((processor) => processor.putAgain) ? [sendersKeyStatement(streamArn, kmsKeyArn)] : []),
    ...(environment ? [{ Action: ["kms:Decrypt"], Resource: [kmsKeyArn] }] : []),
  ];
}
