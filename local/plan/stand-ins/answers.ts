/** What AWS would answer to the functions of its provider, by token: `getRegion`, `getPolicyDocument` and their like. */
import { accountId, arn, bucketAddresses, digits, ec2Id, iamArn, searchAddresses } from "./names";
import { policyDocument } from "./policy-document";

// biome-ignore lint/suspicious/noExplicitAny: arguments and results have the shape of their function
type Values = Record<string, any>;

export interface Asked {
  readonly inputs: Values;
  readonly region: string;
  /** A value that nobody knows here: says so to the person, and is a text that names it. */
  placeholder(what: string, field: string): string;
}

type Answer = (asked: Asked) => Values;

const zones = (region: string): string[] => ["a", "b", "c"].map((letter) => region + letter);

const general: Readonly<Record<string, Answer>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId,
    arn: iamArn("root"),
    id: accountId,
    userId: accountId,
  }),
  // Version 7 of the provider says `region`, earlier ones `name`.
  "aws:index/getRegion:getRegion": ({ region }) => ({
    region,
    name: region,
    id: region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getRegions:getRegions": ({ region }) => ({ names: [region] }),
  "aws:index/getPartition:getPartition": () => ({
    partition: "aws",
    id: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ region }) => ({
    names: zones(region),
    zoneIds: ["az1", "az2", "az3"],
    groupNames: [region],
  }),
  "aws:index/getAvailabilityZone:getAvailabilityZone": ({ inputs, region }) => ({
    name: inputs["name"] ?? `${region}a`,
    region,
    zoneId: "az1",
    state: "available",
  }),
  "aws:index/getDefaultTags:getDefaultTags": () => ({ tags: {} }),
  "aws:index/getServicePrincipal:getServicePrincipal": ({ inputs, region }) => ({
    name: `${inputs["serviceName"]}.amazonaws.com`,
    suffix: "amazonaws.com",
    region,
  }),
  "aws:index/getArn:getArn": ({ inputs }) => {
    const [, partition, service, region, account, ...resource] = String(inputs["arn"]).split(":");
    return { partition, service, region, account, resource: resource.join(":") };
  },
};

const rights: Readonly<Record<string, Answer>> = {
  "aws:iam/getPolicyDocument:getPolicyDocument": ({ inputs }) => policyDocument(inputs),
  "aws:iam/getPolicy:getPolicy": ({ inputs }) => {
    const name = inputs["name"] ?? String(inputs["arn"]).split("/").at(-1);
    return { arn: iamArn(`policy/${name}`), name, ...inputs };
  },
  "aws:iam/getRole:getRole": ({ inputs: { name } }) => ({
    arn: iamArn(`role/${name}`),
    uniqueId: `AROA${digits(name, 16).toUpperCase()}`,
  }),
  "aws:iam/getUser:getUser": ({ inputs: { userName } }) => ({ arn: iamArn(`user/${userName}`) }),
  "aws:iam/getAccountAlias:getAccountAlias": () => ({ accountAlias: "local" }),
  "aws:kms/getKey:getKey": ({ inputs: { keyId }, region }) => ({ arn: arn("kms", region, `key/${keyId}`) }),
  "aws:kms/getAlias:getAlias": ({ inputs: { name }, region }) => ({
    arn: arn("kms", region, name),
    targetKeyId: digits(name, 32),
    targetKeyArn: arn("kms", region, `key/${digits(name, 32)}`),
  }),
  "aws:secretsmanager/getSecret:getSecret": ({ inputs, region }) => {
    const name = inputs["name"] ?? String(inputs["arn"]).split(":secret:").at(-1);
    return { name, arn: arn("secretsmanager", region, `secret:${name}`), ...inputs };
  },
  "aws:secretsmanager/getSecretVersion:getSecretVersion": ({ inputs: { secretId }, placeholder }) => ({
    arn: secretId,
    secretString: placeholder(`the secret ${secretId}`, "secretString"),
  }),
  "aws:ssm/getParameter:getParameter": ({ inputs: { name }, region, placeholder }) => {
    const value = placeholder(`the parameter ${name}`, "value");
    const path = String(name).replace(/^\//, "");
    return { arn: arn("ssm", region, `parameter/${path}`), type: "String", value, insecureValue: value };
  },
};

const things: Readonly<Record<string, Answer>> = {
  "aws:opensearch/getDomain:getDomain": ({ inputs: { domainName }, region }) => ({
    arn: arn("es", region, `domain/${domainName}`),
    ...searchAddresses(domainName, region),
  }),
  "aws:elasticsearch/getDomain:getDomain": ({ inputs: { domainName }, region }) => ({
    arn: arn("es", region, `domain/${domainName}`),
    ...searchAddresses(domainName, region),
  }),
  "aws:s3/getBucket:getBucket": ({ inputs: { bucket }, region }) => ({
    arn: `arn:aws:s3:::${bucket}`,
    region,
    bucketRegion: region,
    ...bucketAddresses(bucket, region),
  }),
  "aws:s3/getBucketNotification:getBucketNotification": () => ({
    eventbridge: true,
    lambdaFunctions: [],
    queues: [],
    topics: [],
  }),
  "aws:s3/getCanonicalUserId:getCanonicalUserId": () => ({
    id: digits("canonical", 64),
    displayName: "local",
  }),
  "aws:lambda/getFunction:getFunction": ({ inputs: { functionName, qualifier = "$LATEST" }, region }) => {
    const own = arn("lambda", region, `function:${functionName}`);
    return { arn: own, qualifiedArn: `${own}:${qualifier}`, invokeArn: own, version: qualifier };
  },
  // What a bucket is made with is all that is known of any.
  "aws:cloudcontrol/getResource:getResource": ({ inputs: { typeName, identifier }, placeholder }) => ({
    properties:
      typeName === "AWS::S3::Bucket"
        ? JSON.stringify({ BucketName: identifier })
        : placeholder(`the ${typeName} ${identifier}`, "properties"),
  }),
  "aws:kinesis/getStream:getStream": ({ inputs: { name }, region }) => ({
    arn: arn("kinesis", region, `stream/${name}`),
    status: "ACTIVE",
  }),
  "aws:kinesis/getFirehoseDeliveryStream:getFirehoseDeliveryStream": ({ inputs: { name }, region }) => ({
    arn: arn("firehose", region, `deliverystream/${name}`),
  }),
  "aws:cloudwatch/getLogGroup:getLogGroup": ({ inputs: { name }, region }) => ({
    arn: arn("logs", region, `log-group:${name}`),
  }),
  "aws:sns/getTopic:getTopic": ({ inputs: { name }, region }) => ({ arn: arn("sns", region, name) }),
  "aws:sqs/getQueue:getQueue": ({ inputs: { name }, region }) => ({
    arn: arn("sqs", region, name),
    url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
  }),
};

const idOf = (kind: string, inputs: Values): string => inputs["id"] ?? ec2Id(kind, JSON.stringify(inputs));

const network: Readonly<Record<string, Answer>> = {
  "aws:ec2/getVpc:getVpc": ({ inputs, region }) => {
    const id = idOf("vpc", inputs);
    return { id, arn: arn("ec2", region, `vpc/${id}`), cidrBlock: "10.0.0.0/16" };
  },
  "aws:ec2/getSubnets:getSubnets": ({ inputs, region }) => ({
    ids: zones(region).map((zone) => ec2Id("subnet", zone + JSON.stringify(inputs))),
  }),
  "aws:ec2/getSubnet:getSubnet": ({ inputs, region }) => {
    const id = idOf("subnet", inputs);
    return {
      id,
      arn: arn("ec2", region, `subnet/${id}`),
      vpcId: ec2Id("vpc", "default"),
      cidrBlock: "10.0.0.0/24",
      availabilityZone: `${region}a`,
    };
  },
  "aws:ec2/getSecurityGroup:getSecurityGroup": ({ inputs, region }) => {
    const id = idOf("sg", inputs);
    return { id, arn: arn("ec2", region, `security-group/${id}`), name: inputs["name"] ?? "default" };
  },
};

const answers: Readonly<Record<string, Answer>> = { ...general, ...rights, ...things, ...network };

/** Undefined: nobody knows. What was asked for is in the answer, as the provider gives it back. */
export function answerOf(token: string, asked: Asked): Values | undefined {
  const known = answers[token]?.(asked);
  return known && { id: known["arn"] ?? token, ...asked.inputs, ...known };
}
