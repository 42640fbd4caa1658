/** Alarms and a CloudWatch dashboard of the same metrics; what each one means is in docs/operations.md. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmThresholds, alarmRules, type Metric, ownNamespace, type Rule } from "./alarm-rules";
import type { Place } from "./names";
import { policyDocument } from "./policy";

export interface AlarmsArgs extends Omit<AlarmThresholds, "failedRecordsMetric"> {
  readonly place: pulumi.Input<Place>;
  readonly email: string;
  readonly deliveryStreamName: string;
  readonly functionName: pulumi.Input<string>;
  /** Log group of that function: it says how many records failed, and why. Undefined where it does not. */
  readonly functionLogGroup: pulumi.Input<string> | undefined;
  readonly domainName: string;
  /** Queue of the events whose objects could not be read. @default no log buckets */
  readonly failedObjectsQueue?: pulumi.Input<string> | undefined;
}

export class Alarms extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:Alarms", name, {}, opts);
    const { functionLogGroup } = args;
    const failedRecordsMetric = functionLogGroup && `ProcessingFailed.${args.deliveryStreamName}`;
    const rules = alarmRules({ ...args, failedRecordsMetric });
    // No key: one whose policy does not name CloudWatch would silence the alarms, and no record is in a mail.
    const topic = new aws.sns.Topic(name, {}, { parent: this });
    this.topicArn = topic.arn;
    new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      { arn: topic.arn, policy: publishPolicy(topic.arn, args.place) },
      { parent: this },
    );
    new aws.sns.TopicSubscription(
      `${name}-email`,
      { topic: topic.arn, protocol: "email", endpoint: args.email },
      { parent: this },
    );
    if (functionLogGroup && failedRecordsMetric) {
      countFailedRecords(name, functionLogGroup, failedRecordsMetric, this);
    }
    for (const rule of rules) this.alarm(name, rule, args);
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: pulumi
          .output(args.place)
          .apply(({ region }) => dashboardName(args.deliveryStreamName, region)),
        dashboardBody: dashboardBody(rules, args),
      },
      { parent: this },
    );
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private alarm(name: string, rule: Rule, args: AlarmsArgs): void {
    new aws.cloudwatch.MetricAlarm(
      `${name}-${rule.role}`,
      {
        alarmDescription: rule.meaning,
        ...watched(rule, args),
        evaluationPeriods: rule.periods,
        threshold: rule.threshold,
        comparisonOperator: comparisons[rule.is],
        treatMissingData: rule.missing ?? "notBreaching",
        alarmActions: [this.topicArn],
        okActions: [this.topicArn],
      },
      { parent: this },
    );
  }
}

function countFailedRecords(
  name: string,
  logGroupName: pulumi.Input<string>,
  metric: string,
  parent: pulumi.Resource,
): void {
  new aws.cloudwatch.LogMetricFilter(
    `${name}-failed-records`,
    {
      logGroupName,
      // Lambda's JSON log format puts what the handler logs below `message`.
      pattern: "{ $.message.processingFailed.count > 0 }",
      metricTransformation: {
        namespace: ownNamespace,
        name: metric,
        value: "$.message.processingFailed.count",
        unit: "Count",
      },
    },
    { parent },
  );
}

const comparisons: Readonly<Record<Rule["is"], string>> = {
  above: "GreaterThanThreshold",
  atLeast: "GreaterThanOrEqualToThreshold",
  atMost: "LessThanOrEqualToThreshold",
};

/** Names of CloudWatch dashboards have letters, digits, `-` and `_`, up to 255, and are one space for all regions. */
export const dashboardName = (deliveryStreamName: string, region: string): string =>
  `${deliveryStreamName.replaceAll(".", "_")}-${region}`;

const isOne = (metrics: Rule["metrics"]): metrics is Metric => typeof metrics["namespace"] === "string";

/** The one metric of an alarm, or the queries that its expression joins. */
function watched(
  { metrics, expression, statistic, periodSeconds }: Rule,
  args: AlarmsArgs,
): Partial<aws.cloudwatch.MetricAlarmArgs> {
  if (isOne(metrics)) {
    const { namespace, metric } = metrics;
    return {
      namespace,
      metricName: metric,
      dimensions: dimensionsOf(metrics, args),
      statistic,
      period: periodSeconds,
    };
  }
  return {
    metricQueries: [
      { id: "result", expression, returnData: true },
      ...Object.entries(metrics).map(([id, one]) => ({
        id,
        metric: {
          namespace: one.namespace,
          metricName: one.metric,
          dimensions: dimensionsOf(one, args),
          stat: statistic,
          period: periodSeconds,
        },
      })),
    ],
  };
}

function dimensionsOf({ namespace }: Metric, args: AlarmsArgs): Record<string, pulumi.Input<string>> {
  switch (namespace) {
    case "AWS/Firehose":
      return { DeliveryStreamName: args.deliveryStreamName };
    case "AWS/Lambda":
      return { FunctionName: args.functionName };
    case "AWS/ES":
      return {
        DomainName: args.domainName,
        ClientId: pulumi.output(args.place).apply((place) => place.accountId),
      };
    case "AWS/SQS":
      return { QueueName: args.failedObjectsQueue! };
    case ownNamespace:
      // A metric made from a log has none; its name holds the stream's.
      return {};
  }
}

/** CloudWatch alarms of this account may publish, nobody else. */
const publishPolicy = (topicArn: pulumi.Output<string>, place: pulumi.Input<Place>) =>
  policyDocument([
    {
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["sns:Publish"],
      Resource: [topicArn],
      Condition: { StringEquals: { "aws:SourceAccount": pulumi.output(place).apply((at) => at.accountId) } },
    },
  ]);

/** A graph for each alarm, two in a row. */
function dashboardBody(rules: readonly Rule[], args: AlarmsArgs): pulumi.Output<string> {
  return pulumi
    .all([args.place, pulumi.all(rules.map((rule) => series(rule, args)))])
    .apply(([{ region }, all]) =>
      JSON.stringify({
        widgets: rules.map((rule, i) => ({
          type: "metric",
          x: (i % 2) * 12,
          y: Math.floor(i / 2) * 6,
          width: 12,
          height: 6,
          properties: {
            title: rule.role,
            region,
            view: "timeSeries",
            period: rule.periodSeconds,
            stat: rule.statistic,
            metrics: all[i],
            annotations: { horizontal: [{ label: "alarm", value: rule.threshold }] },
          },
        })),
      }),
    );
}

/** The lines of a graph, in the form that CloudWatch's dashboards have for them. */
function series({ metrics, expression, role }: Rule, args: AlarmsArgs): pulumi.Output<unknown[]> {
  const line = (one: Metric, more: object[] = []) =>
    pulumi
      .output(dimensionsOf(one, args))
      .apply((dimensions) => [one.namespace, one.metric, ...Object.entries(dimensions).flat(), ...more]);
  if (isOne(metrics)) return pulumi.output([line(metrics)]);
  return pulumi.output([
    [{ id: "result", expression, label: role }],
    ...Object.entries(metrics).map(([id, one]) => line(one, [{ id, visible: false }])),
  ]);
}
