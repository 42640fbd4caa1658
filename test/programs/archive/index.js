"use strict";
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

// Requests that a firewall has seen, and metrics, kept as compressed lines.
const environment = pulumi.getStack();
const bucket = new aws.s3.BucketV2("archive", { bucketPrefix: `archive-${environment}-` });
const role = new aws.iam.Role("firehose", {
  assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
});
new aws.iam.RolePolicy("write", {
  role: role.id,
  policy: pulumi.jsonStringify({ Statement: [{ Action: ["s3:PutObject"], Resource: [pulumi.interpolate`${bucket.arn}/*`] }] }),
});
const group = new aws.cloudwatch.LogGroup("firehose", { retentionInDays: 7 });
const logs = new aws.cloudwatch.LogStream("delivery", { logGroupName: group.name });

const streams = Object.fromEntries(
  ["requests", "metrics"].map((kind) => [
    kind,
    new aws.kinesis.FirehoseDeliveryStream(kind, {
      name: kind === "requests" ? `aws-waf-logs-${environment}` : undefined,
      destination: "extended_s3",
      extendedS3Configuration: {
        roleArn: role.arn,
        bucketArn: bucket.arn,
        bufferingInterval: 1,
        compressionFormat: "GZIP",
        prefix: `${kind}/year=!{timestamp:yyyy}/month=!{timestamp:MM}/`,
        errorOutputPrefix: `errors/!{firehose:error-output-type}/`,
        cloudwatchLoggingOptions: { enabled: true, logGroupName: group.name, logStreamName: logs.name },
      },
      tags: { environment },
    }),
  ]),
);
new aws.cloudwatch.MetricStream("metrics", {
  roleArn: role.arn,
  firehoseArn: streams.metrics.arn,
  outputFormat: "json",
});
new aws.wafv2.WebAclLoggingConfiguration("requests", {
  logDestinationConfigs: [streams.requests.arn],
  resourceArn: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/1",
});
exports.names = Object.values(streams).map(({ name }) => name);
