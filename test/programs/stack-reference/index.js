"use strict";
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const network = new pulumi.StackReference(`${pulumi.getOrganization()}/network/${pulumi.getStack()}`);
const search = new pulumi.StackReference("search", { name: "acme/search/prod" });
const role = new aws.iam.Role("role", { assumeRolePolicy: "{}", tags: { vpc: network.getOutput("vpcId") } });
exports.stream = new aws.kinesis.FirehoseDeliveryStream("audit", {
  destination: "opensearch",
  opensearchConfiguration: {
    domainArn: search.requireOutput("domainArn"),
    roleArn: role.arn,
    indexName: "audit",
    bufferingInterval: 1,
    s3Configuration: { roleArn: role.arn, bucketArn: search.outputs.bucketArn },
  },
}).name;
exports.vpc = network.getOutput("vpcId");
