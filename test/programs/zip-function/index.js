"use strict";
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const bucket = new aws.s3.BucketV2("backup");
const domain = new aws.opensearch.Domain("search", {});
const transform = new aws.lambda.Function("transform", {
  runtime: "nodejs22.x",
  handler: "dist/app.transform",
  role: role.arn,
  publish: true,
  code: new pulumi.asset.FileArchive("transform.zip"),
});
exports.stream = new aws.kinesis.FirehoseDeliveryStream("orders", {
  destination: "opensearch",
  opensearchConfiguration: {
    domainArn: domain.arn,
    roleArn: role.arn,
    indexName: "orders",
    bufferingInterval: 1,
    s3Configuration: { roleArn: role.arn, bucketArn: bucket.arn },
    processingConfiguration: {
      enabled: true,
      processors: [
        {
          type: "Lambda",
          parameters: [
            { parameterName: "LambdaArn", parameterValue: transform.qualifiedArn },
            { parameterName: "BufferIntervalInSeconds", parameterValue: "1" },
          ],
        },
      ],
    },
  },
}).name;
