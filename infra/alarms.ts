/** Alarms and a CloudWatch dashboard of the same metrics; what each one means is in docs/operations.md. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmThresholds, alarmRules, type Rule } from "./alarm-rules";
import type { Place } from "./names";
import { policyDocument } from "./policy";

export interface AlarmsArgs extends AlarmThresholds {
  readonly place: pulumi.Input<Place>;
  readonly email: string;
  readonly deliveryStreamName: pulumi.Input<string>;
  readonly functionName: pulumi.Input<string>;
  readonly domainName: string;
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
