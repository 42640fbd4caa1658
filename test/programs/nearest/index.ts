import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const bucket = new aws.s3.Bucket("backup", { forceDestroy: true });
const domain = new aws.opensearch.Domain("search", {
  engineVersion: "OpenSearch_2.11",
  clusterConfig: { instanceType: "t3.small.search" },
});
const role = new aws.iam.Role("firehose", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "firehose.amazonaws.com" }),
});

interface Event {
  records: { recordId: string; data: string }[];
}

const transform = new aws.lambda.CallbackFunction("transform", {
  callback: async (event: Event) => ({
    records: event.records.map(({ recordId, data }) => {
      const document = { ...JSON.parse(Buffer.from(data, "base64").toString()), seen: true };
      return { recordId, result: "Ok", data: Buffer.from(JSON.stringify(document)).toString("base64") };
    }),
  }),
});

const stream = new aws.kinesis.FirehoseDeliveryStream("events", {
  destination: "opensearch",
  opensearchConfiguration: {
    domainArn: domain.arn,
    roleArn: role.arn,
    indexName: "events",
    bufferingInterval: 1,
    s3Configuration: { roleArn: role.arn, bucketArn: bucket.arn },
    processingConfiguration: {
      enabled: true,
      processors: [
        {
          type: "Lambda",
          parameters: [
            { parameterName: "LambdaArn", parameterValue: pulumi.interpolate`${transform.arn}:$LATEST` },
            { parameterName: "BufferIntervalInSeconds", parameterValue: "1" },
          ],
        },
      ],
    },
  },
});

export const name = stream.name;
