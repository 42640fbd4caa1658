import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

const vpc = new awsx.ec2.Vpc("network", {
  numberOfAvailabilityZones: 2,
  natGateways: { strategy: awsx.ec2.NatGatewayStrategy.Single },
});
const group = new aws.ec2.SecurityGroup("search", {
  vpcId: vpc.vpcId,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [vpc.vpc.cidrBlock] }],
});
const domain = new aws.opensearch.Domain("search", {
  vpcOptions: { subnetIds: vpc.privateSubnetIds.apply((ids) => ids.slice(0, 1)), securityGroupIds: [group.id] },
});
const role = new aws.iam.Role("firehose", {
  assumeRolePolicy: { Version: "2012-10-17", Statement: [] },
});
const failed = new aws.s3.Bucket("failed");
const transform = aws.lambda.createFunctionFromEventHandler("transform", async (event: { records: object[] }) => ({
  records: event.records.map((record) => ({ ...record, result: "Ok" })),
}));

export const stream = new aws.kinesis.FirehoseDeliveryStream("requests", {
  destination: "opensearch",
  opensearchConfiguration: {
    domainArn: domain.arn,
    roleArn: role.arn,
    indexName: "requests",
    bufferingInterval: 1,
    vpcConfig: { roleArn: role.arn, subnetIds: vpc.privateSubnetIds, securityGroupIds: [group.id] },
    s3Configuration: { roleArn: role.arn, bucketArn: failed.arn },
    processingConfiguration: {
      enabled: true,
      processors: [
        {
          type: "Lambda",
          parameters: [{ parameterName: "LambdaArn", parameterValue: pulumi.interpolate`${transform.arn}:$LATEST` }],
        },
      ],
    },
  },
}).name;
export const zones = vpc.publicSubnets.apply((subnets) => subnets.map(({ availabilityZone }) => availabilityZone));
