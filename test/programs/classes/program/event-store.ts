import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface EventStoreArgs {
  index: string;
  tag: pulumi.Input<string>;
}

export class EventStore extends pulumi.ComponentResource {
  public readonly streamName: pulumi.Output<string>;

  constructor(name: string, { index, tag }: EventStoreArgs) {
    super("programs:index:EventStore", name);
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(`${name}-backup`, {}, parent);
    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: "{}" }, parent);
    const domain = new aws.opensearch.Domain(`${name}-domain`, { tags: { tag } }, parent);
    const stream = new aws.kinesis.FirehoseDeliveryStream(
      `${name}-stream`,
      {
        destination: "opensearch",
        opensearchConfiguration: {
          domainArn: domain.arn,
          roleArn: role.arn,
          indexName: index,
          bufferingInterval: 1,
          s3Configuration: { roleArn: role.arn, bucketArn: bucket.arn, compressionFormat: "GZIP" },
        },
        tags: { tag },
      },
      parent,
    );
    this.streamName = stream.name;
    this.registerOutputs();
  }
}
