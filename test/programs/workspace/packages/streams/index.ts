import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface SearchStreamArgs {
  readonly domain: aws.opensearch.Domain;
  /** Folder of the function's code. */
  readonly code: string;
  readonly table: Readonly<Record<string, string>>;
}

/** One stream of the team's, with its role, its function and a bucket for what fails. */
export class SearchStream extends pulumi.ComponentResource {
  readonly stream: aws.kinesis.FirehoseDeliveryStream;

  constructor(name: string, { domain, code, table }: SearchStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("acme:streams:SearchStream", name, {}, opts);
    const child = { parent: this };
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "firehose.amazonaws.com" }) },
      child,
    );
    const failed = new aws.s3.Bucket(`${name}-failed`, {}, child);
    const transform = new aws.lambda.Function(
      `${name}-transform`,
      {
        runtime: aws.lambda.Runtime.NodeJS22dX,
        handler: "index.handler",
        role: role.arn,
        code: new pulumi.asset.AssetArchive({
          "index.js": new pulumi.asset.StringAsset(readFileSync(`${code}/handler.js`, "utf8")),
          "table.json": new pulumi.asset.StringAsset(JSON.stringify(table)),
          lib: new pulumi.asset.FileArchive(`${code}/lib`),
        }),
      },
      child,
    );
    this.stream = new aws.kinesis.FirehoseDeliveryStream(
      name,
      {
        destination: "opensearch",
        opensearchConfiguration: pulumi.all([domain.arn, transform.qualifiedArn]).apply(([domainArn, arn]) => ({
          domainArn,
          roleArn: role.arn,
          indexName: name,
          bufferingInterval: 1,
          s3Configuration: { roleArn: role.arn, bucketArn: failed.arn },
          processingConfiguration: {
            enabled: true,
            processors: [{ type: "Lambda", parameters: [{ parameterName: "LambdaArn", parameterValue: arn }] }],
          },
        })),
      },
      child,
    );
    this.registerOutputs({ name: this.stream.name });
  }
}
