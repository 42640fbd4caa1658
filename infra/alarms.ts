/** Alarms and a CloudWatch dashboard of the same metrics; what each one means is in docs/operations.md. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./names";
import { policyDocument } from "./policy";

export interface AlarmsArgs {
  readonly place: pulumi.Input<Place>;
  readonly email: string;
  readonly deliveryStreamName: pulumi.Input<string>;
  readonly functionName: pulumi.Input<string>;
  readonly domainName: string;
  /** Disk of each data node in GiB. */
  readonly volumeSizeGiB: number;
  /** How long records wait in the buffer, in seconds: age up to that is no delay. */
  readonly bufferIntervalSeconds: number;
}

/** One alarm: `metric` `above` or `below` a threshold in each of `periods` periods. */
interface Rule {
  readonly role: string;
  readonly namespace: "AWS/Firehose" | "AWS/Lambda" | "AWS/ES";
  readonly metric: string;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  readonly above?: number;
  readonly below?: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /** What it means, in the mail. */
  readonly meaning: string;
}

export class Alarms extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:Alarms", name, {}, opts);
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
    for (const rule of alarmRules(args)) this.alarm(name, rule, args);
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      { dashboardName: pulumi.interpolate`${args.deliveryStreamName}`, dashboardBody: dashboardBody(args) },
      { parent: this },
    );
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private alarm(name: string, rule: Rule, args: AlarmsArgs): void {
    new aws.cloudwatch.MetricAlarm(
      `${name}-${rule.role}`,
      {
        alarmDescription: rule.meaning,
        namespace: rule.namespace,
        metricName: rule.metric,
        dimensions: dimensionsOf(rule, args),
        statistic: rule.statistic,
        period: rule.periodSeconds,
        evaluationPeriods: rule.periods,
        threshold: rule.above ?? rule.below ?? 0,
        comparisonOperator: rule.above === undefined ? "LessThanOrEqualToThreshold" : "GreaterThanThreshold",
        // No records, no metrics: a quiet night is no alarm.
        treatMissingData: "notBreaching",
        alarmActions: [this.topicArn],
        okActions: [this.topicArn],
      },
      { parent: this },
    );
  }
}

/**
 * Thresholds as AWS recommends for its services; freshness counts from the buffer's own time on.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
 */
export function alarmRules(args: Pick<AlarmsArgs, "volumeSizeGiB" | "bufferIntervalSeconds">): Rule[] {
  const firehose = { namespace: "AWS/Firehose", periodSeconds: 300 } as const;
  const domain = { namespace: "AWS/ES", periodSeconds: 60 } as const;
  const freeMiB = Math.floor((args.volumeSizeGiB * 1024) / 4);
  return [
    {
      ...firehose,
      role: "freshness",
      metric: "DeliveryToAmazonOpenSearchService.DataFreshness",
      statistic: "Maximum",
      above: args.bufferIntervalSeconds + 900,
      periods: 1,
      meaning:
        "The oldest record in the stream waits too long: the domain does not take records, or not fast enough.",
    },
    {
      ...firehose,
      role: "delivery",
      metric: "DeliveryToAmazonOpenSearchService.Success",
      statistic: "Average",
      below: 0.99,
      periods: 3,
      meaning:
        "The domain refuses documents: look into the stream's log group and the failed records in the bucket.",
    },
    {
      ...firehose,
      role: "throttling",
      metric: "ThrottledRecords",
      statistic: "Sum",
      above: 0,
      periods: 2,
      meaning: "Senders are slowed down: the stream's quota is reached.",
    },
    {
      ...firehose,
      role: "transform",
      metric: "ExecuteProcessing.Success",
      statistic: "Average",
      below: 0.99,
      periods: 1,
      meaning:
        "The processor fails records: they are in the bucket below processing-failed, with the reason.",
    },
    {
      namespace: "AWS/Lambda",
      periodSeconds: 300,
      role: "function-errors",
      metric: "Errors",
      statistic: "Sum",
      above: 0,
      periods: 1,
      meaning: "The processor's function ends with an error or runs out of time: look into its log group.",
    },
    {
      ...domain,
      role: "cluster-red",
      metric: "ClusterStatus.red",
      statistic: "Maximum",
      above: 0,
      periods: 1,
      meaning: "At least one primary shard has no node: some documents can be neither read nor written.",
    },
    {
      ...domain,
      role: "free-storage",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      below: freeMiB,
      periods: 1,
      meaning:
        "A node has less than a quarter of its disk left: lower indexRetentionDays or raise volumeSizeGiB.",
    },
    {
      ...domain,
      role: "jvm-pressure",
      metric: "JVMMemoryPressure",
      statistic: "Maximum",
      above: 95,
      periods: 3,
      meaning: "The domain is short of memory: take a larger instanceType or more nodes.",
    },
    {
      ...domain,
      role: "writes-blocked",
      metric: "ClusterIndexWritesBlocked",
      statistic: "Maximum",
      above: 0,
      periodSeconds: 300,
      periods: 1,
      meaning: "The domain refuses all writes, for want of disk or memory.",
    },
  ];
}

function dimensionsOf({ namespace }: Rule, args: AlarmsArgs): Record<string, pulumi.Input<string>> {
  if (namespace === "AWS/Firehose") return { DeliveryStreamName: args.deliveryStreamName };
  if (namespace === "AWS/Lambda") return { FunctionName: args.functionName };
  return {
    DomainName: args.domainName,
    ClientId: pulumi.output(args.place).apply((place) => place.accountId),
  };
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
function dashboardBody(args: AlarmsArgs): pulumi.Output<string> {
  const rules = alarmRules(args);
  return pulumi
    .all([args.place, pulumi.all(rules.map((rule) => pulumi.output(dimensionsOf(rule, args))))])
    .apply(([{ region }, dimensions]) =>
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
            metrics: [[rule.namespace, rule.metric, ...Object.entries(dimensions[i]!).flat()]],
            annotations: { horizontal: [{ label: "alarm", value: rule.above ?? rule.below ?? 0 }] },
          },
        })),
      }),
    );
}
