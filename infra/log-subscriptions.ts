/** Sends the lines of CloudWatch log groups into the stream. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Place } from "./names";
import { policyDocument, trustPolicy } from "./policy";

export interface LogSubscriptionsArgs {
  readonly place: pulumi.Input<Place>;
  /** Names of log groups that are there already. */
  readonly logGroups: readonly string[];
  readonly deliveryStreamArn: pulumi.Output<string>;
}

export class LogSubscriptions extends pulumi.ComponentResource {
  constructor(name: string, args: LogSubscriptionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:LogSubscriptions", name, {}, opts);
    // CloudWatch Logs names the log group as the source, and one role serves all groups.
    const anyGroup = pulumi.output(args.place).apply((place) => arnOf(place, "logs", "*"));
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: trustPolicy("logs.amazonaws.com", args.place, anyGroup) },
      { parent: this },
    );
    const rolePolicy = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      {
        role: role.name,
        policy: policyDocument([
          { Action: ["firehose:PutRecord", "firehose:PutRecordBatch"], Resource: [args.deliveryStreamArn] },
        ]),
      },
      { parent: this },
    );
    args.logGroups.forEach((logGroup) => {
      new aws.cloudwatch.LogSubscriptionFilter(
        `${name}-${logGroup.replace(/^\//, "").replaceAll("/", "-")}`,
        { logGroup, destinationArn: args.deliveryStreamArn, filterPattern: "", roleArn: role.arn },
        // A log group has room for two filters: the old one goes first.
        { parent: this, dependsOn: [rolePolicy], deleteBeforeReplace: true },
      );
    });
    this.registerOutputs();
  }
}
