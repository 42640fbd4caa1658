/** What AWS would make of a resource: its name, ARN, id and addresses, by type. */
import { accountId, arn, bucketAddresses, digits, ec2Id, iamArn, password, searchAddresses } from "./names";
import { networkOutputs } from "./network";

// biome-ignore lint/suspicious/noExplicitAny: inputs and state have the shape of their resource type
type Values = Record<string, any>;

export interface Resource {
  readonly type: string;
  /** Name of the resource in the program. */
  readonly name: string;
  readonly inputs: Values;
  readonly region: string;
}

/** How a resource of a type is called; what is left out is as for most of them. */
interface Form {
  /** The argument that names it. @default name */
  readonly named?: string;
  readonly arn?: (name: string, region: string) => string;
  /** The output that is its id. @default the name */
  readonly id?: string;
  /** Further outputs. */
  more?(name: string, region: string, inputs: Values): Values;
}

const bucket: Form = {
  named: "bucket",
  arn: (name) => `arn:aws:s3:::${name}`,
  more: bucketAddresses,
};
const searchDomain: Form = {
  named: "domainName",
  arn: (name, region) => arn("es", region, `domain/${name}`),
  more: searchAddresses,
};
const ec2 = (kind: string, path: string): Form => ({
  arn: (name, region) => arn("ec2", region, `${path}/${ec2Id(kind, name)}`),
  id: "id",
  more: (name) => ({ id: ec2Id(kind, name) }),
});

const forms: Readonly<Record<string, Form>> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:opensearch/domain:Domain": searchDomain,
  "aws:elasticsearch/domain:Domain": searchDomain,
  "aws:opensearch/serverlessCollection:ServerlessCollection": {
    arn: (name, region) => arn("aoss", region, `collection/${digits(name, 20)}`),
    id: "id",
    more: (name, region) => ({
      id: digits(name, 20),
      collectionEndpoint: `https://${digits(name, 20)}.${region}.aoss.amazonaws.com`,
      dashboardEndpoint: `https://${digits(name, 20)}.${region}.aoss.amazonaws.com/_dashboards`,
    }),
  },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    arn: (name, region) => arn("firehose", region, `deliverystream/${name}`),
  },
  "aws:kinesis/stream:Stream": { arn: (name, region) => arn("kinesis", region, `stream/${name}`) },
  "aws:lambda/function:Function": {
    arn: (name, region) => arn("lambda", region, `function:${name}`),
    more: (name, region, inputs) => {
      const own = arn("lambda", region, `function:${name}`);
      const version = inputs["publish"] === true ? "1" : "$LATEST";
      return { version, qualifiedArn: `${own}:${version}`, invokeArn: own };
    },
  },
  "aws:lambda/alias:Alias": {
    more: (name, region, inputs) => {
      const fn = String(inputs["functionName"]).split(":function:").at(-1)!.split(":")[0];
      const own = arn("lambda", region, `function:${fn}:${name}`);
      return { arn: own, invokeArn: own };
    },
  },
  "aws:iam/role:Role": {
    arn: (name) => iamArn(`role/${name}`),
    more: (name) => ({ uniqueId: `AROA${digits(name, 16).toUpperCase()}` }),
  },
  "aws:iam/user:User": {
    arn: (name) => iamArn(`user/${name}`),
    more: (name) => ({ uniqueId: `AIDA${digits(name, 16).toUpperCase()}` }),
  },
  "aws:iam/policy:Policy": { arn: (name) => iamArn(`policy/${name}`) },
  "aws:iam/instanceProfile:InstanceProfile": { arn: (name) => iamArn(`instance-profile/${name}`) },
  "aws:cloudwatch/logGroup:LogGroup": { arn: (name, region) => arn("logs", region, `log-group:${name}`) },
  "aws:sns/topic:Topic": { arn: (name, region) => arn("sns", region, name) },
  "aws:sqs/queue:Queue": {
    arn: (name, region) => arn("sqs", region, name),
    id: "url",
    more: (name, region) => ({ url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}` }),
  },
  "aws:dynamodb/table:Table": { arn: (name, region) => arn("dynamodb", region, `table/${name}`) },
  "aws:secretsmanager/secret:Secret": {
    arn: (name, region) => arn("secretsmanager", region, `secret:${name}`),
    id: "arn",
  },
  "aws:kms/key:Key": { more: (name) => ({ keyId: name }) },
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc"),
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/instance:Instance": ec2("i", "instance"),
  // A component that its provider would make elsewhere: only its outputs come back.
  "awsx:ec2:Vpc": { id: "vpcId", more: networkOutputs },
  "awsx:ec2:DefaultVpc": { id: "vpcId", more: networkOutputs },
  "random:index/randomPassword:RandomPassword": {
    more: (name) => ({ result: password(name, 24) }),
  },
  "random:index/randomString:RandomString": {
    more: (name, _region, inputs) => ({ result: digits(name, inputs["length"] ?? 16) }),
  },
  "random:index/randomId:RandomId": {
    id: "hex",
    more: (name, _region, inputs) => {
      const hex = digits(name, 2 * (inputs["byteLength"] ?? 8));
      const bytes = Buffer.from(hex, "hex");
      const numbers = { dec: BigInt(`0x${hex}`).toString(), b64Std: bytes.toString("base64") };
      return { hex: (inputs["prefix"] ?? "") + hex, b64Url: bytes.toString("base64url"), ...numbers };
    },
  },
  "random:index/randomPet:RandomPet": { id: "id", more: (name) => ({ id: `calm-${digits(name, 6)}` }) },
  "random:index/randomUuid:RandomUuid": {
    id: "result",
    more: (name) => ({ result: digits(name, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") }),
  },
  "random:index/randomInteger:RandomInteger": {
    more: (_name, _region, inputs) => ({ result: inputs["min"] ?? 0 }),
  },
  "random:index/randomShuffle:RandomShuffle": {
    more: (_name, _region, inputs) => ({ results: inputs["inputs"] ?? [] }),
  },
};

const isOfAws = (type: string): boolean => type.startsWith("aws:");

/** @returns id and outputs; inputs are among the outputs */
export function stateOf({ type, name: resourceName, inputs, region }: Resource): {
  readonly id: string;
  readonly state: Values;
} {
  const form = forms[type] ?? {};
  const argument = form.named ?? "name";
  const name = String(inputs[argument] ?? resourceName);
  const kind = type.split(":").at(-1)!.toLowerCase();
  const arnOf = form.arn ?? ((one, where) => arn(type.split(/[:/]/)[1]!, where, `${kind}/${one}`));
  const state: Values = {
    ...inputs,
    ...(isOfAws(type) || form.named ? { [argument]: name, arn: arnOf(name, region) } : {}),
    ...form.more?.(name, region, inputs),
  };
  return { id: String(state[form.id ?? argument] ?? name), state };
}
