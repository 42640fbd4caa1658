"use strict";
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const bucket = new aws.s3.Bucket("backup");
const domain = new aws.elasticsearch.Domain("search", { elasticsearchVersion: "7.10" });
const transform = new aws.lambda.Function("transform", {
  runtime: "python3.12",
  handler: "index.handler",
  role: role.arn,
  code: new pulumi.asset.FileArchive("./transform"),
  environment: { variables: { TEAM: pulumi.secret("web") } },
});
exports.stream = new aws.kinesis.FirehoseDeliveryStream("pages", {
  destination: "elasticsearch",
  elasticsearchConfiguration: {
    domainArn: domain.arn,
    roleArn: role.arn,
    indexName: "pages",
    bufferingInterval: 1,
    s3BackupMode: "AllDocuments",
    s3Configuration: { roleArn: role.arn, bucketArn: bucket.arn, bufferingInterval: 1 },
    processingConfiguration: {
      enabled: true,
      processors: [
        {
          type: "Lambda",
          parameters: [
            { parameterName: "LambdaArn", parameterValue: transform.arn },
            { parameterName: "BufferIntervalInSeconds", parameterValue: "1" },
          ],
        },
      ],
    },
  },
}).name;
