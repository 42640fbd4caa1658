"use strict";
const aws = require("@pulumi/aws");

module.exports = async () => {
  const domain = await aws.opensearch.getDomain({ domainName: "shared" });
  const vpc = await aws.ec2.getVpc({ default: true });
  const { ids } = await aws.ec2.getSubnets({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
  const key = await aws.ssm.getParameter({ name: "/web/key" });
  const team = await aws.organizations.getOrganization({});
  const role = new aws.iam.Role("role", { assumeRolePolicy: "{}", tags: { key: key.value, team: team.masterAccountName } });
  const stream = new aws.kinesis.FirehoseDeliveryStream("web", {
    destination: "opensearch",
    opensearchConfiguration: {
      clusterEndpoint: `https://${domain.endpoint}`,
      roleArn: role.arn,
      indexName: "web",
      bufferingInterval: 1,
      vpcConfig: { roleArn: role.arn, subnetIds: ids, securityGroupIds: ["sg-1"] },
      s3Configuration: { roleArn: role.arn, bucketArn: "arn:aws:s3:::existing" },
    },
  });
  return { stream: stream.name };
};
