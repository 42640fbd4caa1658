"use strict";
const aws = require("@pulumi/aws");

const trust = aws.iam.getPolicyDocumentOutput({
  statements: [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: ["firehose.amazonaws.com"] }] }],
});
const role = new aws.iam.Role("firehose", { assumeRolePolicy: trust.json });
const bucket = new aws.s3.Bucket("failed");
const region = aws.getRegionOutput();
const account = aws.getCallerIdentityOutput();
const domain = new aws.opensearch.Domain("logs", { domainName: "logs" });
new aws.iam.RolePolicy("write", {
  role: role.id,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [{ actions: ["es:ESHttpPut", "es:ESHttpPost"], resources: [domain.arn.apply((arn) => `${arn}/*`)] }],
  }).json,
});
exports.stream = new aws.kinesis.FirehoseDeliveryStream("logs", {
  name: region.apply((one) => `logs-${one.region ?? one.name}`),
  destination: "opensearch",
  opensearchConfiguration: {
    domainArn: account.apply(({ accountId }) => `arn:aws:es:us-east-1:${accountId}:domain/logs`),
    roleArn: role.arn,
    indexName: "logs",
    bufferingInterval: 1,
    indexRotationPeriod: "NoRotation",
    s3Configuration: { roleArn: role.arn, bucketArn: bucket.arn },
  },
}).name;
