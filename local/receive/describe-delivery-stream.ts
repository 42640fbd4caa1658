import { type BackupPlan, isSearchStream, type StreamPlan } from "../plan/plan";
import { destinationId, limitOf, textOf } from "./constraints";
import { requireStream } from "./input";
import type { Operation } from "./operation";

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html */
export const describeDeliveryStream: Operation = async (input, context) => {
  const { stream, createdMs } = requireStream(input, context);
  limitOf(input);
  textOf(input, "ExclusiveStartDestinationId", destinationId);
  return JSON.stringify({
    DeliveryStreamDescription: {
      DeliveryStreamName: stream.deliveryStreamName,
      DeliveryStreamARN: stream.deliveryStreamArn,
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: stream.deliveryStreamType,
      VersionId: "1",
      CreateTimestamp: createdMs / 1000,
      HasMoreDestinations: false,
      Destinations: [{ DestinationId: "destinationId-000000000001", ...destinationOf(stream) }],
    },
  });
};

function destinationOf(stream: StreamPlan): object {
  const { destination, backup, processor } = stream;
  const ProcessingConfiguration = {
    Enabled: processor !== undefined,
    Processors: processor
      ? [{ Type: "Lambda", Parameters: [{ ParameterName: "LambdaArn", ParameterValue: processor.arn }] }]
      : [],
  };
  if (destination.kind === "s3") {
    return {
      ExtendedS3DestinationDescription: {
        ...bucketOf(destination),
        ProcessingConfiguration,
        S3BackupMode: backup ? "Enabled" : "Disabled",
        ...(backup && { S3BackupDescription: bucketOf(backup) }),
      },
    };
  }
  return {
    AmazonopensearchserviceDestinationDescription: {
      IndexName: destination.indexName,
      IndexRotationPeriod: destination.indexRotationPeriod,
      BufferingHints: {
        IntervalInSeconds: destination.bufferIntervalSeconds,
        SizeInMBs: destination.bufferSizeMiB,
      },
      RetryOptions: { DurationInSeconds: destination.retryDurationSeconds },
      ...(isSearchStream(stream) && {
        S3BackupMode: stream.backup.mode,
        S3DestinationDescription: bucketOf(stream.backup),
      }),
      ProcessingConfiguration,
      DocumentIdOptions: { DefaultDocumentIdFormat: destination.documentId },
    },
  };
}

function bucketOf(bucket: Omit<BackupPlan, "mode">): object {
  return {
    BucketARN: `arn:aws:s3:::${bucket.bucketName}`,
    Prefix: bucket.prefix,
    ErrorOutputPrefix: bucket.errorOutputPrefix,
    BufferingHints: { IntervalInSeconds: bucket.bufferIntervalSeconds, SizeInMBs: bucket.bufferSizeMiB },
    CompressionFormat: bucket.compression,
  };
}
