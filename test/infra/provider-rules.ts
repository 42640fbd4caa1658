/**
 * What the AWS provider and the AWS API refuse in the arguments of the resources that the program has, as far as
 * they find it out only during an update.
 * @see https://github.com/hashicorp/terraform-provider-aws
 */
import type { Evaluated, Inputs } from "./evaluate";

type Check = (inputs: Inputs) => readonly (string | false)[];

const arn = /^arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12})?:.+/;
const within = (value: number | undefined, min: number, max: number, name: string): string | false =>
  value !== undefined &&
  !(Number.isInteger(value) && value >= min && value <= max) &&
  `${name} is not ${min}..${max}`;
const among = (value: unknown, allowed: readonly unknown[], name: string): string | false =>
  value !== undefined && !allowed.includes(value) && `${name} is ${value}`;
const matches = (value: string | undefined, pattern: RegExp, name: string): string | false =>
  value !== undefined && !pattern.test(value) && `${name} is ${value}`;
const isJson = (text: string, max: number, name: string): string | false => {
  try {
    JSON.parse(text);
    return text.length > max && `${name} has ${text.length} characters`;
  } catch {
    return `${name} is no JSON`;
  }
};

const logging = (options: Inputs | undefined, name: string): string | false =>
  options?.["enabled"] !== true && `${name}.enabled is off unless set`;

const parameterDefaults: Record<string, string> = {
  NumberOfRetries: "3",
  BufferIntervalInSeconds: "60",
  BufferSizeInMBs: "1",
};

const stream: Check = (inputs) => {
  const target: Inputs = inputs["opensearchConfiguration"] ?? {};
  const s3: Inputs = target["s3Configuration"] ?? {};
  const processing: Inputs = target["processingConfiguration"] ?? {};
  const parameters: Inputs[] = (processing["processors"] ?? []).flatMap((p: Inputs) => p["parameters"]);
  const sse: Inputs = inputs["serverSideEncryption"] ?? {};
  return [
    matches(inputs["name"], /^[\w.-]{1,64}$/, "name"),
    among(inputs["destination"], ["opensearch"], "destination"),
    !inputs["opensearchConfiguration"] && "opensearchConfiguration is missing",
    within(target["bufferingInterval"], 0, 900, "bufferingInterval"),
    within(target["bufferingSize"], 1, 100, "bufferingSize"),
    within(target["retryDuration"], 0, 7200, "retryDuration"),
    among(
      target["indexRotationPeriod"],
      ["NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth"],
      "rotation",
    ),
    among(target["s3BackupMode"], ["AllDocuments", "FailedDocumentsOnly"], "s3BackupMode"),
    Boolean(target["typeName"]) && "typeName is set",
    ...[target["roleArn"], target["domainArn"], s3["roleArn"], s3["bucketArn"]].map((v) =>
      matches(v, arn, "ARN"),
    ),
    Boolean(target["domainArn"] && target["clusterEndpoint"]) && "domainArn and clusterEndpoint",
    among(
      s3["compressionFormat"],
      ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"],
      "compressionFormat",
    ),
    within(s3["bufferingInterval"], 0, 900, "s3 bufferingInterval"),
    within(s3["bufferingSize"], 1, 128, "s3 bufferingSize"),
    String(s3["errorOutputPrefix"] ?? "").length > 1024 && "errorOutputPrefix is too long",
    processing["enabled"] !== true && "processingConfiguration.enabled is off unless set",
    ...parameters.map(
      ({ parameterName, parameterValue }) =>
        parameterDefaults[parameterName] === parameterValue &&
        `${parameterName} is the default: a change in each preview`,
    ),
    ...parameters.map(({ parameterValue }) => typeof parameterValue !== "string" && "a parameter is no text"),
    logging(target["cloudwatchLoggingOptions"], "cloudwatchLoggingOptions"),
    logging(s3["cloudwatchLoggingOptions"], "s3 cloudwatchLoggingOptions"),
    sse["enabled"] !== true && Boolean(sse["keyType"]) && "keyType without enabled",
    (sse["keyType"] === "CUSTOMER_MANAGED_CMK") !== Boolean(sse["keyArn"]) &&
      "keyArn and keyType do not go together",
    matches(target["indexName"], /^[^A-Z\\/*?"<>|\s,#:]{1,80}$/, "indexName"),
  ];
};

const domain: Check = (inputs) => {
  const cluster: Inputs = inputs["clusterConfig"] ?? {};
  const security: Inputs = inputs["advancedSecurityOptions"] ?? {};
  const zones = cluster["zoneAwarenessEnabled"]
    ? (cluster["zoneAwarenessConfig"]?.availabilityZoneCount ?? 2)
    : 1;
  const subnets: string[] | undefined = inputs["vpcOptions"]?.subnetIds;
  return [
    matches(inputs["domainName"], /^[a-z][0-9a-z-]{2,27}$/, "domainName"),
    !inputs["engineVersion"] && "engineVersion has no default",
    !cluster["instanceType"] && "the default instance type is m3.medium.search",
    cluster["instanceCount"] % zones !== 0 && "nodes are no multiple of the zones",
    subnets !== undefined && subnets.length !== zones && "subnets are not as many as zones",
    !inputs["ebsOptions"]?.ebsEnabled && "EBS is off",
    within(inputs["ebsOptions"]?.volumeSize, 10, 16384, "volumeSize"),
    among(inputs["ebsOptions"]?.volumeType, ["gp3"], "volumeType"),
    !inputs["domainEndpointOptions"]?.tlsSecurityPolicy && "tlsSecurityPolicy is TLS 1.0 unless set",
    security["enabled"] &&
      !(
        inputs["encryptAtRest"]?.enabled &&
        inputs["nodeToNodeEncryption"]?.enabled &&
        inputs["domainEndpointOptions"]?.enforceHttps
      ) &&
      "fine-grained access control needs encryption at rest, between nodes, and HTTPS",
    security["masterUserOptions"]?.masterUserName && !security["internalUserDatabaseEnabled"]
      ? "a master user needs the internal user database"
      : false,
    isJson(inputs["accessPolicies"], 100_000, "accessPolicies"),
  ];
};

const lambda: Check = (inputs) => [
  within(inputs["memorySize"], 128, 10240, "memorySize"),
  within(inputs["timeout"], 1, 900, "timeout"),
  matches(inputs["role"], arn, "role"),
  matches(inputs["runtime"], /^nodejs\d\d\.x$/, "runtime"),
  among(inputs["loggingConfig"]?.logFormat, ["JSON", "Text"], "logFormat"),
  inputs["reservedConcurrentExecutions"] === 0 && "0 stops the function",
];

const alarm: Check = (inputs) => {
  const { evaluationPeriods } = inputs as { evaluationPeriods: number };
  const queries: Inputs[] = inputs["metricQueries"] ?? [];
  const single = [
    "metricName",
    "namespace",
    "period",
    "statistic",
    "dimensions",
    "extendedStatistic",
    "unit",
  ];
  const measured: Inputs[] = queries.length > 0 ? queries.flatMap(({ metric }) => metric ?? []) : [inputs];
  const periods = measured.map(({ period }) => period as number);
  return [
    ...periods.flatMap((period) => [
      ![10, 20, 30].includes(period) && period % 60 !== 0 && `period is ${period}`,
      period * evaluationPeriods > 86_400 && "longer than a day",
    ]),
    queries.length > 0
      ? single.some((key) => inputs[key] !== undefined) && "metricQueries and a single metric"
      : Boolean(inputs["statistic"]) === Boolean(inputs["extendedStatistic"]) && "one statistic",
    queries.length > 0 &&
      queries.filter((query) => query["returnData"]).length !== 1 &&
      "one query is the result",
    queries.some(({ id }) => !/^[a-z]\w*$/.test(id)) && "a query's id",
    queries.some((query) => (query["expression"] === undefined) === (query["metric"] === undefined)) &&
      "each query is an expression or a metric",
    among(inputs["treatMissingData"], ["missing", "ignore", "breaching", "notBreaching"], "treatMissingData"),
    among(
      inputs["comparisonOperator"],
      [
        "GreaterThanThreshold",
        "LessThanOrEqualToThreshold",
        "LessThanThreshold",
        "GreaterThanOrEqualToThreshold",
      ],
      "comparisonOperator",
    ),
    inputs["threshold"] === undefined && "no threshold",
    (inputs["alarmActions"] ?? []).length > 5 && "more than 5 actions",
  ];
};

const logRetentionDays = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const checks: Record<string, Check> = {
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": stream,
  "aws:opensearch/domain:Domain": domain,
  "aws:lambda/function:Function": lambda,
  "aws:lambda/invocation:Invocation": (inputs) => [
    isJson(inputs["input"], 200_000, "input"),
    among(inputs["lifecycleScope"], ["CREATE_ONLY", "CRUD"], "lifecycleScope"),
    JSON.parse(inputs["input"]).tf !== undefined && "the provider writes tf itself",
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:cloudwatch/dashboard:Dashboard": (inputs) => [
    isJson(inputs["dashboardBody"], 1_000_000, "dashboardBody"),
    matches(inputs["dashboardName"], /^[0-9A-Za-z_-]{1,255}$/, "dashboardName"),
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": ({ metricTransformation: made, ...inputs }) => [
    (inputs["pattern"] ?? "").length > 1024 && "a pattern of more than 1024 characters",
    matches(made?.name, /^[^:*$]{1,255}$/, "metricTransformation.name"),
    matches(made?.namespace, /^[^:*$]{1,255}$/, "metricTransformation.namespace"),
    made?.dimensions !== undefined &&
      made?.defaultValue !== undefined &&
      "dimensions conflict with a default value",
  ],
  "aws:cloudwatch/logGroup:LogGroup": (inputs) => [
    among(inputs["retentionInDays"], logRetentionDays, "retentionInDays"),
    matches(inputs["name"], /^[0-9A-Za-z_./#-]{1,512}$/, "name"),
  ],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": (inputs) => [
    isJson(inputs["policyDocument"], 5120, "policyDocument"),
    Boolean(inputs["policyName"]) === Boolean(inputs["resourceArn"]) && "one of policyName and resourceArn",
  ],
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": (inputs) => [
    inputs["filterPattern"] === undefined && "filterPattern is required, though it may be empty",
  ],
  "aws:iam/role:Role": (inputs) => [isJson(inputs["assumeRolePolicy"], 2048, "assumeRolePolicy")],
  "aws:iam/rolePolicy:RolePolicy": (inputs) => [isJson(inputs["policy"], 10_240, "policy")],
  "aws:iam/policy:Policy": (inputs) => [isJson(inputs["policy"], 6144, "policy")],
  "aws:s3/bucket:Bucket": (inputs) =>
    ["versioning", "lifecycleRules", "serverSideEncryptionConfiguration", "policy", "acl", "loggings"].map(
      (key) => inputs[key] !== undefined && `${key} fights with its own resource`,
    ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (inputs) =>
    (inputs["rules"] as Inputs[]).flatMap((rule) => [
      (rule["filter"] === undefined) === (rule["prefix"] === undefined) && "one of filter and prefix",
      within(rule["noncurrentVersionExpiration"]?.noncurrentDays, 1, 36500, "noncurrentDays"),
      Object.keys(rule["expiration"] ?? {}).length > 1 && "one of date, days and marker",
    ]),
  "aws:sns/topicSubscription:TopicSubscription": (inputs) => [
    among(inputs["protocol"], ["email"], "protocol"),
  ],
};

/** Longest names of resources that Pulumi names itself, which adds a hyphen and seven characters. */
const longestNames: Record<string, number> = {
  "aws:s3/bucket:Bucket": 63,
  "aws:iam/role:Role": 64,
  "aws:lambda/function:Function": 64,
  "aws:iam/policy:Policy": 128,
};

/** What would be refused, each as `name: what`. */
export function refusals({ type, name, inputs }: Evaluated): string[] {
  const problems = (checks[type]?.(inputs) ?? []).filter((problem) => typeof problem === "string");
  const longest = longestNames[type];
  if (longest !== undefined && name.length + 8 > longest)
    problems.push(`named with ${name.length + 8} characters`);
  return problems.map((problem) => `${name}: ${problem}`);
}

export const isChecked = (type: string): boolean => type in checks;
