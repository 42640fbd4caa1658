import type { SearchStreamPlan } from "../plan/plan";
import { requireStream } from "./input";
import type { Operation } from "./operation";

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html */
export const describeDeliveryStream: Operation = async (input, context) => {
  requireStream(input, context);
  const { stream, createdMs } = context;
  return JSON.stringify({
    DeliveryStreamDescription: {
      DeliveryStreamName: stream.deliveryStreamName,
      DeliveryStreamARN: stream.deliveryStreamArn,
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: stream.deliveryStreamType,
      VersionId: "1",
      CreateTimestamp: createdMs / 1000,
      HasMoreDestinations: false,
      Destinations: [
        {
          DestinationId: "destinationId-000000000001",
          AmazonopensearchserviceDestinationDescription: destinationOf(stream),
        },
      ],
    },
  });
};

function destinationOf({ destination, backup, processor }: SearchStreamPlan): object {
  return {
    IndexName: destination.indexName,
    IndexRotationPeriod: destination.indexRotationPeriod,
    BufferingHints: {
      IntervalInSeconds: destination.bufferIntervalSeconds,
      SizeInMBs: destination.bufferSizeMiB,
    },
    RetryOptions: { DurationInSeconds: destination.retryDurationSeconds },
    S3BackupMode: backup.mode,
    S3DestinationDescription: {
      BucketARN: `arn:aws:s3:::${backup.bucketName}`,
      Prefix: backup.prefix,
      ErrorOutputPrefix: backup.errorOutputPrefix,
      BufferingHints: { IntervalInSeconds: backup.bufferIntervalSeconds, SizeInMBs: backup.bufferSizeMiB },
      CompressionFormat: backup.compression,
    },
    ProcessingConfiguration: {
      Enabled: processor !== undefined,
      Processors: processor
        ? [{ Type: "Lambda", Parameters: [{ ParameterName: "LambdaArn", ParameterValue: processor.arn }] }]
        : [],
    },
    DocumentIdOptions: { DefaultDocumentIdFormat: destination.documentId },
  };
}
