/**
 * Tells whether records arrive: each minute a function sends a marked record into the stream, and another one looks in
 * the domain for the one that has to be there by now. The finder works beside the function that prepares the domain, with
 * its role and in its log group: a domain in subnets is reached from there, and nobody gets a right more.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { putProbeFactory, type ScheduledEvent } from "../processors/payloads/put-probe";
import { ownNamespace } from "./alarm-rules";
import { closureFunction, closureRuntime } from "./closure";
import type { DomainCluster } from "./domain/domain-cluster";
import type { FunctionRole } from "./domain/domain-function";
import { searchPattern } from "./domain/object-bodies";
import { findProbeFactory, type ProbeLook } from "./domain-call/find-probe";
import { lambdaTrustPolicy, policyDocument, sendersKeyStatement } from "./policy";
import { writeLogs } from "./processor-function";
import type { Settings } from "./settings";

export interface ProbeArgs
  extends Pick<
    Settings,
    | "baseName"
    | "indexName"
    | "indexRotation"
    | "bufferIntervalSeconds"
    | "retryDurationSeconds"
    | "logRetentionDays"
    | "kmsKeyArn"
  > {
  readonly deliveryStreamName: string;
  readonly deliveryStreamArn: pulumi.Output<string>;
  readonly domain: DomainCluster;
  /** Of the function that prepares the domain. */
  readonly functionRole: FunctionRole;
}

/** What the finder's log tells in CloudWatch, each with the field of its look. */
const metrics = {
  ProbeArrived: "arrived",
  ProbeLost: "lost",
  ProbeLatencySeconds: "latencySeconds",
} as const;

/** The metric has no dimensions, so the stream is in its name. */
export const probeMetric = (metric: keyof typeof metrics, deliveryStreamName: string): string =>
  `${metric}.${deliveryStreamName}`;

/** Beside what the stream's own settings allow: the function's call, its tries, the index, and two schedules. */
const slackSeconds = 120;

/**
 * How long a probe may take, in seconds, a multiple of 60: Firehose gathers records twice, for the function and for the
 * domain, and may try the delivery again before it gives a record up.
 */
export const probeDeadlineSeconds = ({
  bufferIntervalSeconds,
  retryDurationSeconds,
}: Pick<Settings, "bufferIntervalSeconds" | "retryDurationSeconds">): number =>
  60 * Math.ceil((2 * bufferIntervalSeconds + retryDurationSeconds + slackSeconds) / 60);

export class Probe extends pulumi.ComponentResource {
  /** Name of the metric that counts the probes which did not arrive. */
  readonly lostMetric: string;

  constructor(name: string, args: ProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:Probe", name, {}, opts);
    const rule = new aws.cloudwatch.EventRule(
      `${name}-minute`,
      // Not `rate`: only events of a cron expression are named by whole minutes.
      { scheduleExpression: "cron(* * * * ? *)" },
      { parent: this },
    );
    const sent = this.call(`${name}-sender`, rule, this.sender(name, args), []);
    // A minute without a sender would be one that is lost.
    this.call(`${name}-finder`, rule, finder(name, args, this), [sent]);
    for (const [metric, field] of Object.entries(metrics)) {
      new aws.cloudwatch.LogMetricFilter(
        `${name}-${field === "latencySeconds" ? "latency" : field}`,
        {
          logGroupName: args.functionRole.logGroup.name,
          // Lambda's JSON log format puts what is logged below `message`; several pipelines may share the group.
          pattern: `{ $.message.probe.stream = "${args.deliveryStreamName}" && $.message.probe.${field} >= 0 }`,
          metricTransformation: {
            namespace: ownNamespace,
            name: probeMetric(metric as keyof typeof metrics, args.deliveryStreamName),
            value: `$.message.probe.${field}`,
            unit: field === "latencySeconds" ? "Seconds" : "Count",
          },
        },
        { parent: this },
      );
    }
    this.lostMetric = probeMetric("ProbeLost", args.deliveryStreamName);
    this.registerOutputs();
  }

  private sender(name: string, args: ProbeArgs): aws.lambda.Function {
    const { deliveryStreamArn, kmsKeyArn } = args;
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-sender-logs`,
      { name: `/aws/lambda/${args.baseName}-probe-sender`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-sender-role`,
      { assumeRolePolicy: lambdaTrustPolicy },
      { parent: this },
    );
    const rolePolicy = new aws.iam.RolePolicy(
      `${name}-sender-role-policy`,
      {
        role: role.name,
        policy: policyDocument([
          writeLogs(logGroup.arn),
          { Action: ["firehose:PutRecordBatch"], Resource: [deliveryStreamArn] },
          ...(kmsKeyArn
            ? [
                sendersKeyStatement(deliveryStreamArn, kmsKeyArn),
                // For the function's environment.
                { Action: ["kms:Decrypt"], Resource: [kmsKeyArn] },
              ]
            : []),
        ]),
      },
      { parent: this },
    );
    return closureFunction<ScheduledEvent, void>(
      `${name}-sender`,
      {
        callbackFactory: putProbeFactory,
        role,
        runtime: closureRuntime,
        memorySize: 256,
        timeout: 30,
        environment: { variables: { DELIVERY_STREAM_NAME: args.deliveryStreamName } },
        ...(kmsKeyArn ? { kmsKeyArn } : {}),
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      },
      { parent: this, dependsOn: [rolePolicy] },
    );
  }

  private call(
    name: string,
    rule: aws.cloudwatch.EventRule,
    lambda: aws.lambda.Function,
    after: readonly pulumi.Resource[],
  ): aws.cloudwatch.EventTarget {
    const permission = new aws.lambda.Permission(
      `${name}-call`,
      {
        action: "lambda:InvokeFunction",
        function: lambda.name,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    return new aws.cloudwatch.EventTarget(
      `${name}-target`,
      { rule: rule.name, arn: lambda.arn },
      { parent: this, dependsOn: [permission, ...after] },
    );
  }
}

function finder(name: string, args: ProbeArgs, parent: pulumi.Resource): aws.lambda.Function {
  const { role, rolePolicy, logGroup, reach } = args.functionRole;
  return closureFunction<ScheduledEvent, ProbeLook>(
    `${name}-finder`,
    {
      callbackFactory: findProbeFactory,
      role,
      runtime: closureRuntime,
      memorySize: 256,
      timeout: 60,
      ...reach(args.domain, {
        STREAM_NAME: args.deliveryStreamName,
        INDICES: searchPattern(args),
        DEADLINE_SECONDS: String(probeDeadlineSeconds(args)),
      }),
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
    },
    { parent, dependsOn: [rolePolicy] },
  );
}
