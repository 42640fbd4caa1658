/**
 * What the AWS provider knows of each type that the program has: which argument names the thing, what replaces it,
 * what it reads back, and what AWS adds.
 * @see https://github.com/hashicorp/terraform-provider-aws
 */
import { createHash, randomBytes, randomInt } from "node:crypto";
import type { Values } from "./values";

export interface Place {
  readonly region: string;
  readonly accountId: string;
}

export interface AwsType {
  /** The argument that names the thing on AWS. Where the program leaves it out, the provider makes a name. */
  readonly named?: string;
  /** Paths whose change makes a new thing. */
  readonly replacedBy: readonly string[];
  /** Whether this change of an argument makes a new thing, where that depends on the values. */
  replacedFrom?(path: string, was: unknown, now: unknown): boolean;
  /** Arguments that are JSON text and are compared by what they mean. */
  readonly json?: readonly string[];
  /** Lists without an order. */
  readonly sets?: readonly string[];
  /** Arguments that AWS fills in: taking them out of the program changes nothing. */
  readonly optionalComputed?: readonly string[];
  /** The arguments as AWS tells them afterwards. */
  readBack?(inputs: Values): Values;
  /** What AWS adds; `before` is the state before an update. */
  outputs?(inputs: Values, place: Place, before?: Values): Values;
  /** Outputs that an update of the arguments `by` makes anew. */
  renewed?(inputs: Values): { readonly by: readonly string[]; readonly outputs: readonly string[] };
  /** @default the name */
  idOf?(inputs: Values): string;
}

const arn = ({ region, accountId }: Place, service: string, resource: string) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** A part of a bucket's settings. */
const ofBucket = (json: string[] = []): AwsType => ({
  replacedBy: ["bucket"],
  json,
  idOf: ({ bucket }) => bucket,
});

const stream: AwsType = {
  named: "name",
  replacedBy: [
    "name",
    "destination",
    "opensearchConfiguration.s3BackupMode",
    "opensearchConfiguration.vpcConfig",
  ],
  sets: [
    "opensearchConfiguration.processingConfiguration.processors.parameters",
    "opensearchConfiguration.vpcConfig.subnetIds",
    "opensearchConfiguration.vpcConfig.securityGroupIds",
  ],
  // Parameters that are the default are dropped, and the names of logs that are switched off.
  readBack: (inputs) => {
    const { opensearchConfiguration: target, ...rest } = inputs;
    const defaults: Values = {
      NumberOfRetries: "3",
      BufferIntervalInSeconds: "60",
      BufferSizeInMBs: "1",
      RoleArn: target.roleArn,
    };
    const processors = target.processingConfiguration?.processors.map((processor: Values) => ({
      ...processor,
      parameters: processor["parameters"].filter(
        ({ parameterName, parameterValue }: Values) => defaults[parameterName] !== parameterValue,
      ),
    }));
    const logs = target.cloudwatchLoggingOptions;
    return {
      ...rest,
      opensearchConfiguration: {
        ...target,
        processingConfiguration: { enabled: false, ...target.processingConfiguration, processors },
        cloudwatchLoggingOptions: logs?.enabled ? logs : { enabled: false },
      },
    };
  },
  outputs: ({ name }, place) => ({ arn: arn(place, "firehose", `deliverystream/${name}`) }),
  idOf: ({ name }) => name,
};

/**
 * The provider asks AWS what a version can be upgraded to in place, and replaces the domain for any other.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/version-migration.html
 */
function isUpgradeTarget(from: string, to: string): boolean {
  const number = (version: string) => Number(/\d+/.exec(version)![0]) * 100 + Number(version.split(".")[1]);
  if (to.startsWith("Elasticsearch")) return from === to;
  if (from.startsWith("Elasticsearch")) return number(to) < 200;
  return number(to) >= number(from) && (number(to) < 300 || number(from) >= 219);
}

const domain: AwsType = {
  named: "domainName",
  replacedBy: ["domainName", "encryptAtRest.kmsKeyId", "vpcOptions", "ipAddressType"],
  replacedFrom: (path, was, now) => path === "engineVersion" && !isUpgradeTarget(String(was), String(now)),
  json: ["accessPolicies"],
  sets: ["vpcOptions.subnetIds", "vpcOptions.securityGroupIds", "logPublishingOptions"],
  optionalComputed: [
    "accessPolicies",
    "clusterConfig",
    "domainEndpointOptions",
    "ebsOptions",
    "encryptAtRest",
    "nodeToNodeEncryption",
  ],
  outputs: ({ domainName, vpcOptions }, place, before) => {
    const host =
      before?.["endpoint"] ??
      `${vpcOptions ? "vpc" : "search"}-${domainName}-${randomBytes(8).toString("hex")}.${place.region}.es.amazonaws.com`;
    return {
      arn: arn(place, "es", `domain/${domainName}`),
      domainId: `${place.accountId}/${domainName}`,
      endpoint: host,
      dashboardEndpoint: `${host}/_dashboards`,
    };
  },
};

const lambdaFunction: AwsType = {
  named: "name",
  replacedBy: ["name", "packageType"],
  sets: ["vpcConfig.subnetIds", "vpcConfig.securityGroupIds"],
  outputs: ({ name, publish }, place, before) => {
    const fn = arn(place, "lambda", `function:${name}`);
    const version = publish ? String(Number(before?.["version"] ?? 0) + 1) : "$LATEST";
    return {
      arn: fn,
      version,
      qualifiedArn: `${fn}:${version}`,
      invokeArn: fn,
      lastModified: new Date().toISOString(),
    };
  },
  renewed: ({ publish }) => ({
    by: ["code", "handler", "runtime", "memorySize", "timeout", "environment", "role", "loggingConfig"],
    outputs: ["lastModified", ...(publish ? ["version", "qualifiedArn"] : [])],
  }),
};

const policyJson = ["policy", "assumeRolePolicy", "policyDocument"];
const linkedRole = (place: Place, service: string) =>
  iam(place, `role/aws-service-role/${service}/AWSServiceRoleFor${service.split(".")[0]}`);
const iam = ({ accountId }: Place, resource: string) => `arn:aws:iam::${accountId}:${resource}`;

export const awsTypes: Readonly<Record<string, AwsType>> = {
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": stream,
  "aws:opensearch/domain:Domain": domain,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/invocation:Invocation": {
    replacedBy: ["functionName", "qualifier", "lifecycleScope"],
    json: ["input"],
    renewed: () => ({ by: ["input"], outputs: ["result"] }),
    // Nothing that is there on AWS: each call is one of its own.
    idOf: ({ functionName }) => `${functionName}_$LATEST_${randomBytes(16).toString("hex")}`,
  },
  "aws:iam/role:Role": {
    named: "name",
    replacedBy: ["name", "path"],
    json: policyJson,
    outputs: ({ name }, place) => ({ arn: iam(place, `role/${name}`), uniqueId: hash(name).slice(0, 20) }),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    named: "name",
    replacedBy: ["name", "role"],
    json: policyJson,
    idOf: ({ role, name }) => `${role}:${name}`,
  },
  "aws:iam/policy:Policy": {
    named: "name",
    replacedBy: ["name", "path", "description"],
    json: policyJson,
    outputs: ({ name }, place) => ({ arn: iam(place, `policy/${name}`) }),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    replacedBy: ["role", "policyArn"],
    idOf: ({ role, policyArn }) => `${role}/${policyArn}`,
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    replacedBy: ["awsServiceName", "customSuffix"],
    outputs: ({ awsServiceName }, place) => ({
      arn: linkedRole(place, awsServiceName),
      path: `/aws-service-role/${awsServiceName}/`,
    }),
    // As it is imported. An account has one of each service; a second one is refused.
    idOf: ({ awsServiceName }) => linkedRole({ region: "", accountId: "111122223333" }, awsServiceName),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    named: "name",
    replacedBy: ["name", "logGroupClass"],
    outputs: ({ name }, place) => ({ arn: arn(place, "logs", `log-group:${name}`) }),
  },
  "aws:cloudwatch/logStream:LogStream": {
    named: "name",
    replacedBy: ["name", "logGroupName"],
    outputs: ({ name, logGroupName }, place) => ({
      arn: arn(place, "logs", `log-group:${logGroupName}:log-stream:${name}`),
    }),
    idOf: ({ name, logGroupName }) => `${logGroupName}:${name}`,
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    named: "policyName",
    replacedBy: ["policyName"],
    json: policyJson,
  },
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
    named: "name",
    replacedBy: ["name", "logGroup", "destinationArn"],
    idOf: ({ logGroup, name }) => `${logGroup}|${name}`,
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    named: "name",
    replacedBy: ["name"],
    sets: ["alarmActions", "okActions"],
    outputs: ({ name }, place) => ({ arn: arn(place, "cloudwatch", `alarm:${name}`) }),
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": { named: "name", replacedBy: ["name", "logGroupName"] },
  "aws:cloudwatch/dashboard:Dashboard": {
    named: "dashboardName",
    replacedBy: ["dashboardName"],
    json: ["dashboardBody"],
  },
  "aws:sns/topic:Topic": {
    named: "name",
    replacedBy: ["name"],
    outputs: ({ name }, place) => ({ arn: arn(place, "sns", name) }),
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    replacedBy: ["arn"],
    json: policyJson,
    idOf: ({ arn: topic }) => topic,
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    replacedBy: ["topic", "protocol", "endpoint"],
    idOf: ({ topic, endpoint }) => `${topic}:${hash(endpoint).slice(0, 36)}`,
  },
  "aws:s3/bucket:Bucket": {
    named: "bucket",
    replacedBy: ["bucket"],
    outputs: ({ bucket }) => ({ arn: `arn:aws:s3:::${bucket}` }),
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket(),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket(),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket(),
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket(),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket(),
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket(policyJson),
  "random:index/randomPassword:RandomPassword": {
    replacedBy: ["length", "overrideSpecial", "minLower", "minUpper", "minNumeric", "minSpecial", "keepers"],
    outputs: ({ length, overrideSpecial }, _place, before) => ({
      result: before?.["result"] ?? randomPassword(length, overrideSpecial),
    }),
    idOf: () => "none",
  },
};

/** One of each kind first, as the minima of the program ask for. */
function randomPassword(length: number, special: string): string {
  const kinds = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", special];
  return Array.from({ length }, (_, i) => {
    const kind = kinds[i < kinds.length ? i : randomInt(kinds.length)]!;
    return kind[randomInt(kind.length)];
  }).join("");
}
