/** The resources of an evaluated program as a CloudFormation template, whose schemas AWS publishes and a linter knows. */
import type { Evaluated, Inputs } from "../../infra/evaluate";

/** New name, a path with dots for an object in between, "" for what CloudFormation has no word for. */
type Rule = string | readonly [string, (value: Inputs) => unknown];
type Rules = Readonly<Record<string, Rule>>;
interface Resource {
  readonly Type: string;
  readonly Properties: Inputs;
}

function set(into: Inputs, path: string, value: unknown): void {
  const [first, ...rest] = path.split(".") as [string, ...string[]];
  if (rest.length === 0) into[first] = value;
  else {
    into[first] ??= {};
    set(into[first], rest.join("."), value);
  }
}

const upper = (key: string): string => key[0]!.toUpperCase() + key.slice(1);

/** An object by rules; a key without a rule keeps its name, with a capital. An unknown name is the linter's to find. */
const take =
  (rules: Rules = {}) =>
  (inputs: Inputs): Inputs => {
    const taken: Inputs = {};
    for (const [key, value] of Object.entries(inputs)) {
      const rule = rules[key] ?? upper(key);
      if (rule === "") continue;
      const [path, change] = typeof rule === "string" ? [rule, plain] : rule;
      set(taken, path, change(value));
    }
    return taken;
  };

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" && value !== null ? take()(value) : value;
};
const each = (change: (value: Inputs) => unknown) => (list: Inputs) => (list as Inputs[]).map(change);
const json = (text: unknown) => JSON.parse(String(text));
const same = <T>(value: T): T => value;
const list = (value: unknown) => [value];

const logging: Rule = ["CloudWatchLoggingOptions", take()];
const buffering = {
  bufferingInterval: "BufferingHints.IntervalInSeconds",
  bufferingSize: "BufferingHints.SizeInMBs",
};
const backup = take({
  ...buffering,
  bucketArn: "BucketARN",
  roleArn: "RoleARN",
  kmsKeyArn: "EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN",
  cloudwatchLoggingOptions: logging,
});
const destination = take({
  ...buffering,
  domainArn: "DomainARN",
  roleArn: "RoleARN",
  retryDuration: "RetryOptions.DurationInSeconds",
  cloudwatchLoggingOptions: logging,
  s3Configuration: ["S3Configuration", backup],
  vpcConfig: ["VpcConfiguration", take({ roleArn: "RoleARN" })],
});
const logPublishing = (options: Inputs) =>
  Object.fromEntries(
    (options as Inputs[]).map(({ logType, ...rest }) => [
      logType,
      take({ cloudwatchLogGroupArn: "CloudWatchLogsLogGroupArn" })(rest),
    ]),
  );
const lifecycleRule = take({
  expiration: [
    "Expiration",
    ({ days, expiredObjectDeleteMarker }) => ({ days, marker: expiredObjectDeleteMarker }),
  ],
  filter: ["Prefix", ({ prefix }) => prefix],
  noncurrentVersionExpiration: ["NoncurrentVersionExpiration", take()],
});

/** A secret is a parameter in CloudFormation. */
const withoutPassword = take({
  masterUserOptions: [
    "MasterUserOptions",
    take({ masterUserPassword: ["MasterUserPassword", () => ({ Ref: "Password" })] }),
  ],
});

// biome-ignore lint/suspicious/noExplicitAny: as the provider takes them
const dimensions = (all: any): object[] => Object.entries(all).map(([Name, Value]) => ({ Name, Value }));

// biome-ignore lint/suspicious/noExplicitAny: as above
function metricQuery({ id, expression, metric, returnData = false }: any): object {
  if (!metric) return { Id: id, Expression: expression, ReturnData: returnData };
  const Metric = {
    Namespace: metric.namespace,
    MetricName: metric.metricName,
    Dimensions: dimensions(metric.dimensions),
  };
  return { Id: id, ReturnData: returnData, MetricStat: { Metric, Period: metric.period, Stat: metric.stat } };
}

/** What a queue's policy is for is its address here and a list there. */
const queuePolicy: Rules = { queueUrl: ["Queues", list], policy: ["PolicyDocument", json] };

const types: Readonly<Record<string, readonly [string, Rules]>> = {
  "aws:cloudwatch/dashboard:Dashboard": ["AWS::CloudWatch::Dashboard", {}],
  "aws:cloudwatch/eventRule:EventRule": ["AWS::Events::Rule", { eventPattern: ["EventPattern", json] }],
  "aws:cloudwatch/logGroup:LogGroup": ["AWS::Logs::LogGroup", { name: "LogGroupName" }],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": ["AWS::Logs::ResourcePolicy", {}],
  "aws:cloudwatch/logStream:LogStream": ["AWS::Logs::LogStream", { name: "LogStreamName" }],
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": [
    "AWS::Logs::SubscriptionFilter",
    { logGroup: "LogGroupName" },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    "AWS::CloudWatch::Alarm",
    {
      okActions: "OKActions",
      dimensions: ["Dimensions", dimensions],
      metricQueries: ["Metrics", (all) => all.map(metricQuery)],
    },
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    "AWS::Logs::MetricFilter",
    {
      pattern: "FilterPattern",
      metricTransformation: [
        "MetricTransformations",
        ({ name, namespace, value, unit }) => [
          { MetricName: name, MetricNamespace: namespace, MetricValue: value, Unit: unit },
        ],
      ],
    },
  ],
  "aws:iam/policy:Policy": ["AWS::IAM::ManagedPolicy", { policy: ["PolicyDocument", json] }],
  "aws:iam/role:Role": ["AWS::IAM::Role", { assumeRolePolicy: ["AssumeRolePolicyDocument", json] }],
  "aws:iam/rolePolicy:RolePolicy": [
    "AWS::IAM::RolePolicy",
    { policy: ["PolicyDocument", json], role: "RoleName" },
  ],
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": [
    "AWS::IAM::ServiceLinkedRole",
    { awsServiceName: "AWSServiceName" },
  ],
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": [
    "AWS::KinesisFirehose::DeliveryStream",
    {
      name: "DeliveryStreamName",
      destination: "",
      opensearchConfiguration: ["AmazonopensearchserviceDestinationConfiguration", destination],
      elasticsearchConfiguration: ["ElasticsearchDestinationConfiguration", destination],
      serverSideEncryption: [
        "DeliveryStreamEncryptionConfigurationInput",
        take({ enabled: "", keyArn: "KeyARN" }),
      ],
    },
  ],
  "aws:lambda/permission:Permission": ["AWS::Lambda::Permission", { function: "FunctionName" }],
  "aws:lambda/function:Function": [
    "AWS::Lambda::Function",
    {
      name: "FunctionName",
      code: ["Code", () => ({ ZipFile: "exports.handler = async () => {};" })],
      handler: ["Handler", () => "index.handler"],
      environment: ["Environment.Variables", ({ variables }) => variables],
      publish: "",
    },
  ],
  "aws:opensearch/domain:Domain": [
    "AWS::OpenSearchService::Domain",
    {
      tags: ["Tags", (all) => Object.entries(all).map(([Key, Value]) => ({ Key, Value }))],
      accessPolicies: ["AccessPolicies", json],
      ebsOptions: ["EBSOptions", take({ ebsEnabled: "EBSEnabled" })],
      encryptAtRest: "EncryptionAtRestOptions",
      nodeToNodeEncryption: "NodeToNodeEncryptionOptions",
      domainEndpointOptions: [
        "DomainEndpointOptions",
        take({ enforceHttps: "EnforceHTTPS", tlsSecurityPolicy: "TLSSecurityPolicy" }),
      ],
      advancedSecurityOptions: ["AdvancedSecurityOptions", withoutPassword],
      vpcOptions: "VPCOptions",
      logPublishingOptions: ["LogPublishingOptions", logPublishing],
    },
  ],
  "aws:s3/bucketPolicy:BucketPolicy": ["AWS::S3::BucketPolicy", { policy: ["PolicyDocument", json] }],
  "aws:sns/topic:Topic": ["AWS::SNS::Topic", {}],
  "aws:lambda/eventSourceMapping:EventSourceMapping": ["AWS::Lambda::EventSourceMapping", {}],
  "aws:sqs/queue:Queue": [
    "AWS::SQS::Queue",
    {
      messageRetentionSeconds: "MessageRetentionPeriod",
      visibilityTimeoutSeconds: "VisibilityTimeout",
      redrivePolicy: ["RedrivePolicy", json],
    },
  ],
  "aws:sqs/queuePolicy:QueuePolicy": ["AWS::SQS::QueuePolicy", queuePolicy],
  "aws:sns/topicPolicy:TopicPolicy": [
    "AWS::SNS::TopicPolicy",
    { arn: ["Topics", list], policy: ["PolicyDocument", json] },
  ],
  "aws:sns/topicSubscription:TopicSubscription": ["AWS::SNS::Subscription", { topic: "TopicArn" }],
};

/** What CloudFormation has as properties of the bucket. */
const bucketParts: Readonly<Record<string, Rules>> = {
  "aws:s3/bucket:Bucket": { forceDestroy: "" },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    rules: ["LifecycleConfiguration.Rules", each((rule) => flattenExpiration(lifecycleRule(rule)))],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    rule: ["OwnershipControls.Rules", (rule) => [plain(rule)]],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    blockPublicAcls: "PublicAccessBlockConfiguration.BlockPublicAcls",
    blockPublicPolicy: "PublicAccessBlockConfiguration.BlockPublicPolicy",
    ignorePublicAcls: "PublicAccessBlockConfiguration.IgnorePublicAcls",
    restrictPublicBuckets: "PublicAccessBlockConfiguration.RestrictPublicBuckets",
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    rules: [
      "BucketEncryption.ServerSideEncryptionConfiguration",
      each(
        take({
          applyServerSideEncryptionByDefault: [
            "ServerSideEncryptionByDefault",
            take({ sseAlgorithm: "SSEAlgorithm", kmsMasterKeyId: "KMSMasterKeyID" }),
          ],
        }),
      ),
    ],
  },
  "aws:s3/bucketVersioning:BucketVersioning": { versioningConfiguration: "VersioningConfiguration" },
};

/** CloudFormation puts the expiration of a lifecycle rule beside its filter. */
const flattenExpiration = ({ Expiration: { days, marker }, ...rule }: Inputs): Inputs => ({
  ...rule,
  ...(days === undefined ? {} : { ExpirationInDays: days }),
  ...(marker === undefined ? {} : { ExpiredObjectDeleteMarker: marker }),
});

/** Types that CloudFormation does not have: made by another provider, a part of another, an invocation and not a thing. */
const without = [
  /^random:/,
  /^pulumi:/,
  /^firehose-opensearch:/,
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:lambda/invocation:Invocation",
];

const logicalId = (name: string): string =>
  name.replace(/[^a-zA-Z0-9]/g, " ").replace(/ +(.?)/g, (_, c) => c.toUpperCase());

/** What the provider adds where the program says nothing, and CloudFormation wants to be told. */
const added: Readonly<Record<string, (properties: Inputs, name: string) => Inputs>> = {
  "AWS::IAM::RolePolicy": (properties, name) => ({ PolicyName: name, ...properties }),
  "AWS::KinesisFirehose::DeliveryStream": ({ DeliveryStreamEncryptionConfigurationInput: key, ...rest }) => ({
    ...rest,
    DeliveryStreamEncryptionConfigurationInput: { KeyType: "AWS_OWNED_CMK", ...key },
  }),
};

export interface Template {
  readonly Parameters?: Inputs;
  readonly Resources: Record<string, Resource>;
}

export function templateOf(resources: readonly Evaluated[]): Template {
  const made: Record<string, Resource> = {};
  const buckets: Readonly<Record<string, Inputs>> = { Backup: {}, Notes: {} };
  for (const { type, name, inputs } of resources) {
    if (without.some((each) => (typeof each === "string" ? each === type : each.test(type)))) continue;
    const part = bucketParts[type];
    const translation = types[type];
    if (part) {
      const id = name.includes("-log-buckets-notes") ? "Notes" : "Backup";
      const properties = take({ bucket: "BucketName", ...part })(inputs);
      made[id] = { Type: "AWS::S3::Bucket", Properties: Object.assign(buckets[id]!, properties) };
    } else if (translation) {
      const id = logicalId(`${name} ${translation[0].split("::").at(-1)}`);
      const properties = take(translation[1])(inputs);
      const add = added[translation[0]] ?? same;
      made[id] = { Type: translation[0], Properties: add(properties, name) };
    } else {
      throw new Error(`${type} (${name}) has no translation into CloudFormation: add it here.`);
    }
  }
  const secret = JSON.stringify(made).includes('{"Ref":"Password"}');
  return {
    ...(secret ? { Parameters: { Password: { Type: "String", NoEcho: true } } } : {}),
    Resources: made,
  };
}
