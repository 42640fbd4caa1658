"use strict";
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const config = new pulumi.Config();
const tags = config.requireSecretObject("tags");
const role = new aws.iam.Role("role", { assumeRolePolicy: "{}", tags });
const bucket = new aws.s3.Bucket("bucket");
const domain = new aws.opensearch.Domain("domain", {
  advancedSecurityOptions: {
    enabled: true,
    internalUserDatabaseEnabled: true,
    masterUserOptions: { masterUserName: config.requireSecret("user"), masterUserPassword: "invented" },
  },
});
exports.stream = new aws.kinesis.FirehoseDeliveryStream("metrics", {
  name: config.get("streamName"),
  destination: "opensearch",
  opensearchConfiguration: {
    domainArn: domain.arn,
    roleArn: role.arn,
    indexName: config.require("indexName"),
    bufferingInterval: 1,
    s3Configuration: { roleArn: role.arn, bucketArn: bucket.arn },
  },
}).arn;
exports.region = aws.config.requireRegion();
