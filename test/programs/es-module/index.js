import * as aws from "@pulumi/aws";
import { text } from "./names.js";

const { accountId } = await aws.getCallerIdentity();
const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const bucket = new aws.s3.Bucket("bucket", { bucket: `backup-${accountId}` });
const stream = new aws.kinesis.FirehoseDeliveryStream("module", {
  destination: "opensearch",
  opensearchConfiguration: {
    domainArn: new aws.opensearch.Domain("domain").arn,
    roleArn: role.arn,
    indexName: text,
    bufferingInterval: 1,
    s3Configuration: { roleArn: role.arn, bucketArn: bucket.arn },
  },
});
export const name = stream.name;
