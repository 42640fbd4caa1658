/** What is watched, and from which value on it is told. What each alarm means is in docs/operations.md. */

/** One series of values. */
export interface Metric {
  readonly namespace: "AWS/Firehose" | "AWS/Lambda" | "AWS/ES" | "AWS/SQS" | typeof ownNamespace;
  readonly metric: string;
}

/** One alarm: a metric, or several joined by an expression, beyond its threshold in each of `periods` periods. */
export interface Rule {
  readonly role: string;
  /** One metric, or each under the name that `expression` has for it. */
  readonly metrics: Metric | Readonly<Record<string, Metric>>;
  /**
   * CloudWatch's metric math over several metrics.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   * @default the one metric as it is
   */
  readonly expression?: string;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  readonly is: "above" | "atLeast" | "atMost";
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /** What a period without a value is. @default notBreaching: no records, no metrics, and a quiet night is no alarm */
  readonly missing?: "breaching";
  /** What it means, in the mail. */
  readonly meaning: string;
}

export interface AlarmThresholds {
  /** Disk of each data node in GiB; undefined for a domain that the stack has not made. */
  readonly volumeSizeGiB: number | undefined;
  /** How long records wait in the buffer, in seconds: age up to that is no delay. */
  readonly bufferIntervalSeconds: number;
  /** How long records wait for an object of the backup, in seconds. */
  readonly backupIntervalSeconds: number;
  readonly backupMode: "AllDocuments" | "FailedDocumentsOnly";
  /** Set where the stream is encrypted with a key of the account's own: the key can be taken away from it. */
  readonly kmsKeyArn: unknown;
  /** Name of the metric that counts the records which the processor fails; undefined where its log tells nothing of them. */
  readonly failedRecordsMetric: string | undefined;
  /** Set where objects of log buckets are sent: events that cannot be worked off end in this queue. */
  readonly failedObjectsQueue?: unknown;
  /** Name of the metric that counts the probes which did not arrive; undefined without a probe. */
  readonly probeLostMetric?: string | undefined;
}

/** Where the metrics are that are made from the logs of functions. */
export const ownNamespace = "FirehoseOpenSearch";

/**
 * Thresholds as AWS recommends for its services; freshness counts from the buffer's own time on.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
 * @see https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html
 */
export const alarmRules = (thresholds: AlarmThresholds): Rule[] => [
  ...deliveryRules(thresholds),
  ...backupRules(thresholds),
  ...functionRules(thresholds),
  ...(thresholds.probeLostMetric ? [probeRule(thresholds.probeLostMetric)] : []),
  ...(thresholds.failedObjectsQueue ? [failedObjectsRule] : []),
  ...(thresholds.kmsKeyArn ? keyRules : []),
  ...domainRules(thresholds),
];

const firehose = (metric: string): Metric => ({ namespace: "AWS/Firehose", metric });
const domain = (metric: string): Metric => ({ namespace: "AWS/ES", metric });
const fiveMinutes = { periodSeconds: 300, periods: 1 } as const;
const oneMinute = { periodSeconds: 60, periods: 1 } as const;
/** Records wait a little longer than the buffer says; a quarter of an hour is a delay. */
const delaySeconds = 900;
const any = { is: "above", threshold: 0 } as const;

const deliveryRules = ({ bufferIntervalSeconds }: AlarmThresholds): Rule[] => [
  {
    role: "freshness",
    metrics: firehose("DeliveryToAmazonOpenSearchService.DataFreshness"),
    statistic: "Maximum",
    is: "above",
    threshold: bufferIntervalSeconds + delaySeconds,
    ...fiveMinutes,
    meaning:
      "The oldest record in the stream waits too long: the domain does not take records, or not fast enough.",
  },
  {
    role: "delivery",
    metrics: firehose("DeliveryToAmazonOpenSearchService.Success"),
    statistic: "Average",
    is: "atMost",
    threshold: 0.99,
    ...fiveMinutes,
    periods: 3,
    meaning:
      "The domain refuses documents: look into the stream's log group and the failed records in the bucket.",
  },
  {
    role: "throttling",
    metrics: firehose("ThrottledRecords"),
    statistic: "Sum",
    ...any,
    ...fiveMinutes,
    periods: 2,
    meaning: "Senders are slowed down: the stream's quota is reached.",
  },
];

/** While S3 refuses, the whole stream waits, and after 24 hours it loses records. */
function backupRules({ backupMode, backupIntervalSeconds }: AlarmThresholds): Rule[] {
  if (backupMode !== "AllDocuments") return [];
  return [
    {
      role: "backup-freshness",
      metrics: firehose("BackupToS3.DataFreshness"),
      statistic: "Maximum",
      is: "above",
      threshold: backupIntervalSeconds + delaySeconds,
      ...fiveMinutes,
      meaning: "The oldest record waits too long for its backup: the bucket does not take objects.",
    },
    {
      role: "backup",
      metrics: firehose("BackupToS3.Success"),
      statistic: "Average",
      is: "atMost",
      threshold: 0.99,
      ...fiveMinutes,
      periods: 3,
      meaning: "The bucket refuses objects of the backup: look into the stream's log group.",
    },
  ];
}

/**
 * `ExecuteProcessing.Success` counts calls that came back, whatever the function said of the records in them. So the
 * records that the processor fails are counted from its log, and compared with those that came in.
 */
const functionRules = ({ failedRecordsMetric }: AlarmThresholds): Rule[] => [
  ...(failedRecordsMetric === undefined ? [] : [failedRecordsRule(failedRecordsMetric)]),
  {
    role: "function-errors",
    metrics: { namespace: "AWS/Lambda", metric: "Errors" },
    statistic: "Sum",
    ...any,
    ...fiveMinutes,
    meaning: "The processor's function ends with an error or runs out of time: look into its log group.",
  },
];

const failedRecordsRule = (metric: string): Rule => ({
  role: "transform",
  metrics: {
    failed: { namespace: ownNamespace, metric },
    incoming: firehose("IncomingRecords"),
  },
  // Records may fail in a later period than they came in: more failed than came in is all of them.
  expression:
    "IF(FILL(failed, 0) == 0, 0, IF(FILL(incoming, 0) > FILL(failed, 0), FILL(failed, 0) / incoming, 1))",
  statistic: "Sum",
  is: "above",
  threshold: 0.01,
  ...fiveMinutes,
  meaning:
    "The processor fails more than 1 % of the records: they are in the bucket below processing-failed, the reasons in the function's log group.",
});

/** The one alarm that does not wait for records: without a look at the probes nobody knows whether they arrive. */
const probeRule = (metric: string): Rule => ({
  role: "probe",
  metrics: { namespace: ownNamespace, metric },
  statistic: "Sum",
  ...any,
  ...fiveMinutes,
  missing: "breaching",
  meaning:
    "The record that is sent each minute did not reach the domain in time, or nobody could look: logs may have stopped.",
});

const failedObjectsRule: Rule = {
  role: "log-objects",
  metrics: { namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible" },
  statistic: "Maximum",
  ...any,
  ...fiveMinutes,
  meaning:
    "Objects of the log buckets could not be read: each message of the queue of failed events says which, and why.",
};

const keyRules: Rule[] = [
  {
    role: "stream-key",
    metrics: {
      denied: firehose("KMSKeyAccessDenied"),
      disabled: firehose("KMSKeyDisabled"),
      invalid: firehose("KMSKeyInvalidState"),
      missing: firehose("KMSKeyNotFound"),
    },
    expression: "FILL(denied, 0) + FILL(disabled, 0) + FILL(invalid, 0) + FILL(missing, 0)",
    statistic: "Sum",
    ...any,
    ...fiveMinutes,
    meaning: "The stream may not use its KMS key: it can neither take records nor deliver them.",
  },
  {
    role: "domain-key",
    metrics: { error: domain("KMSKeyError"), inaccessible: domain("KMSKeyInaccessible") },
    expression: "FILL(error, 0) + FILL(inaccessible, 0)",
    statistic: "Maximum",
    ...any,
    ...oneMinute,
    meaning: "The domain may not use its KMS key: give it back, or the data cannot be read again.",
  },
];

/** AWS's own advice where the size of the disks is not known. */
const usualFreeMiB = 20 * 1024;

const domainRules = ({ volumeSizeGiB }: AlarmThresholds): Rule[] => [
  {
    role: "cluster-red",
    metrics: domain("ClusterStatus.red"),
    statistic: "Maximum",
    ...any,
    ...oneMinute,
    meaning: "At least one primary shard has no node: some documents can be neither read nor written.",
  },
  {
    role: "free-storage",
    metrics: domain("FreeStorageSpace"),
    statistic: "Minimum",
    is: "atMost",
    threshold: volumeSizeGiB === undefined ? usualFreeMiB : Math.floor((volumeSizeGiB * 1024) / 4),
    ...oneMinute,
    meaning:
      volumeSizeGiB === undefined
        ? "A node has less than 20 GiB of its disk left: lower indexRetentionDays or give the domain larger disks."
        : "A node has less than a quarter of its disk left: lower indexRetentionDays or raise volumeSizeGiB.",
  },
  {
    role: "jvm-pressure",
    metrics: domain("JVMMemoryPressure"),
    statistic: "Maximum",
    is: "atLeast",
    threshold: 95,
    ...oneMinute,
    periods: 3,
    meaning: "The domain is short of memory: take a larger instanceType or more nodes.",
  },
  {
    role: "writes-blocked",
    metrics: domain("ClusterIndexWritesBlocked"),
    statistic: "Maximum",
    ...any,
    ...fiveMinutes,
    meaning: "The domain refuses all writes, for want of disk or memory.",
  },
  {
    role: "snapshot",
    metrics: domain("AutomatedSnapshotFailure"),
    statistic: "Maximum",
    ...any,
    ...oneMinute,
    meaning: "No snapshot of the domain could be made, mostly because a shard has no node.",
  },
];
