/** What is watched, and from which value on it is told. */
/** One alarm: `metric` `above` or `below` a threshold in each of `periods` periods. */
export interface Rule {
  readonly role: string;
  readonly namespace: "AWS/Firehose" | "AWS/Lambda" | "AWS/ES";
  readonly metric: string;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  readonly above?: number;
  readonly below?: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /** What it means, in the mail. */
  readonly meaning: string;
}

export interface AlarmThresholds {
  /** Disk of each data node in GiB. */
  readonly volumeSizeGiB: number;
  /** How long records wait in the buffer, in seconds: age up to that is no delay. */
  readonly bufferIntervalSeconds: number;
}

/**
 * Thresholds as AWS recommends for its services; freshness counts from the buffer's own time on.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
 */
export const alarmRules = (thresholds: AlarmThresholds): Rule[] => [
  ...streamRules(thresholds),
  ...domainRules(thresholds),
];

function streamRules({ bufferIntervalSeconds }: AlarmThresholds): Rule[] {
  const firehose = { namespace: "AWS/Firehose", periodSeconds: 300 } as const;
  return [
    {
      ...firehose,
      role: "freshness",
      metric: "DeliveryToAmazonOpenSearchService.DataFreshness",
      statistic: "Maximum",
      above: bufferIntervalSeconds + 900,
      periods: 1,
      meaning:
        "The oldest record in the stream waits too long: the domain does not take records, or not fast enough.",
    },
    {
      ...firehose,
      role: "delivery",
      metric: "DeliveryToAmazonOpenSearchService.Success",
      statistic: "Average",
      below: 0.99,
      periods: 3,
      meaning:
        "The domain refuses documents: look into the stream's log group and the failed records in the bucket.",
    },
    {
      ...firehose,
      role: "throttling",
      metric: "ThrottledRecords",
      statistic: "Sum",
      above: 0,
      periods: 2,
      meaning: "Senders are slowed down: the stream's quota is reached.",
    },
    {
      ...firehose,
      role: "transform",
      metric: "ExecuteProcessing.Success",
      statistic: "Average",
      below: 0.99,
      periods: 1,
      meaning:
        "The processor fails records: they are in the bucket below processing-failed, with the reason.",
    },
    {
      namespace: "AWS/Lambda",
      periodSeconds: 300,
      role: "function-errors",
      metric: "Errors",
      statistic: "Sum",
      above: 0,
      periods: 1,
      meaning: "The processor's function ends with an error or runs out of time: look into its log group.",
    },
  ];
}

function domainRules({ volumeSizeGiB }: AlarmThresholds): Rule[] {
  const domain = { namespace: "AWS/ES", periodSeconds: 60 } as const;
  const freeMiB = Math.floor((volumeSizeGiB * 1024) / 4);
  return [
    {
      ...domain,
      role: "cluster-red",
      metric: "ClusterStatus.red",
      statistic: "Maximum",
      above: 0,
      periods: 1,
      meaning: "At least one primary shard has no node: some documents can be neither read nor written.",
    },
    {
      ...domain,
      role: "free-storage",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      below: freeMiB,
      periods: 1,
      meaning:
        "A node has less than a quarter of its disk left: lower indexRetentionDays or raise volumeSizeGiB.",
    },
    {
      ...domain,
      role: "jvm-pressure",
      metric: "JVMMemoryPressure",
      statistic: "Maximum",
      above: 95,
      periods: 3,
      meaning: "The domain is short of memory: take a larger instanceType or more nodes.",
    },
    {
      ...domain,
      role: "writes-blocked",
      metric: "ClusterIndexWritesBlocked",
      statistic: "Maximum",
      above: 0,
      periodSeconds: 300,
      periods: 1,
      meaning: "The domain refuses all writes, for want of disk or memory.",
    },
  ];
}
