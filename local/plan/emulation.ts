/**
 * What becomes of each resource of the program on one machine. An exact list: a type that is not in it is named at
 * the start, and so is a resource of a known type that no room stands for, such as a second bucket.
 */
import type { Plan, ResourceCount } from "./plan";
import { functionType } from "./read-functions";
import { objectLinksOf } from "./read-object-functions";
import { probeLinksOf } from "./read-probes";
import type { EvaluatedResource } from "./stand-ins";
import { everyConfiguration, type Inputs, processorsOf, streamType } from "./stream-configuration";

/** A room stands for it; it changes nothing here, for this reason; or it is missing here. */
type Fate = "emulated" | "not emulated" | { readonly why: string };

export type Fates = Pick<Plan, "notEmulated" | "withoutEffect" | "notes">;

type Resource = Pick<EvaluatedResource, "type" | "inputs" | "state" | "custom">;

const invocationType = "aws:lambda/invocation:Invocation";
const domainType = "aws:opensearch/domain:Domain";

const rights = { why: "nobody is asked for rights on this machine" };
const bucketFate = ({ state }: Resource, used: Used): Fate =>
  used.buckets.includes(state["bucket"]) ? "emulated" : "not emulated";
const bucketSetting = { why: "the bucket is a folder of plain files" };
const invented = { why: "their values are invented here, the same at every start" };
const network = { why: "there is no network between the parts of this machine" };
const keys = { why: "files are kept as this machine's disk keeps them" };

/** @param kinds of one module, parted by blanks; a type says each twice, `aws:ec2/vpc:Vpc` */
const same = (fate: Fate, module: string, kinds: string): Record<string, Fate> =>
  Object.fromEntries(
    kinds.split(" ").map((kind) => [`${module}/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`, fate]),
  );

/** Names that the emulated resources refer to: what they do not refer to has no room here. */
interface Used {
  readonly buckets: readonly string[];
  readonly functions: readonly string[];
  readonly functionLogs: readonly string[];
  readonly streamLogs: readonly string[];
  readonly queueArns: readonly string[];
  readonly ruleNames: readonly string[];
}

const fates: Readonly<Record<string, Fate | ((resource: Resource, used: Used) => Fate)>> = {
  [streamType]: "emulated",
  [invocationType]: "emulated",
  [domainType]: "emulated",
  "aws:elasticsearch/domain:Domain": "emulated",
  "random:index/randomPassword:RandomPassword": "emulated",
  ...same(invented, "random:index", "RandomId RandomString RandomPet RandomUuid RandomInteger RandomShuffle"),
  ...same(
    network,
    "aws:ec2",
    "Vpc Subnet SecurityGroup SecurityGroupRule VpcEndpoint InternetGateway NatGateway Eip",
  ),
  ...same(network, "aws:ec2", "Route RouteTable RouteTableAssociation"),
  ...same(network, "aws:vpc", "SecurityGroupIngressRule SecurityGroupEgressRule"),
  ...same(keys, "aws:kms", "Key Alias"),
  ...same(
    rights,
    "aws:iam",
    "PolicyAttachment User UserPolicy UserPolicyAttachment Group GroupPolicy GroupMembership",
  ),
  ...same(rights, "aws:opensearch", "DomainPolicy ServerlessAccessPolicy ServerlessSecurityPolicy"),
  ...same(rights, "aws:elasticsearch", "DomainPolicy"),
  ...same(rights, "aws:s3", "BucketAcl BucketAclV2"),
  ...same(bucketSetting, "aws:s3", "BucketServerSideEncryptionConfigurationV2 BucketVersioningV2"),
  [functionType]: ({ state }, used) =>
    names(state).some((name) => used.functions.includes(name)) ? "emulated" : "not emulated",
  "aws:s3/bucket:Bucket": bucketFate,
  "aws:s3/bucketV2:BucketV2": bucketFate,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    why: "objects stay in the folder until somebody deletes them",
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting,
  "aws:s3/bucketPolicy:BucketPolicy": rights,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": rights,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketSetting,
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting,
  "aws:iam/policy:Policy": rights,
  "aws:iam/role:Role": rights,
  "aws:iam/rolePolicy:RolePolicy": rights,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rights,
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": rights,
  "aws:lambda/permission:Permission": rights,
  "aws:lambda/eventSourceMapping:EventSourceMapping": ({ inputs }, used) =>
    used.queueArns.includes(inputs["eventSourceArn"]) ? "emulated" : "not emulated",
  "aws:cloudwatch/eventRule:EventRule": ({ state }, used) =>
    used.ruleNames.includes(state["name"]) ? "emulated" : "not emulated",
  "aws:cloudwatch/eventTarget:EventTarget": ({ inputs }, used) =>
    used.ruleNames.includes(inputs["rule"]) ? "emulated" : "not emulated",
  "aws:sqs/queue:Queue": ({ state }, used) =>
    used.queueArns.includes(state["arn"]) ? "emulated" : "not emulated",
  "aws:sqs/queuePolicy:QueuePolicy": rights,
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": rights,
  "aws:cloudwatch/logGroup:LogGroup": ({ state }, used) => {
    if (used.functionLogs.includes(state["name"])) return "emulated";
    return used.streamLogs.includes(state["name"]) ? printed : "not emulated";
  },
  "aws:cloudwatch/logStream:LogStream": ({ inputs }, used) =>
    used.streamLogs.includes(inputs["logGroupName"]) ? printed : "not emulated",
};

const printed = { why: "what goes wrong is printed where the run was started" };

const names = (state: EvaluatedResource["state"]): string[] => [
  state["name"],
  state["arn"],
  state["qualifiedArn"],
];

export function fatesOf(resources: readonly Resource[]): Fates {
  const used = usedBy(resources);
  const notEmulated = new Map<string, number>();
  const withoutEffect = new Map<string, ResourceCount & { why: string }>();
  for (const resource of resources) {
    const { type } = resource;
    if (!isOfProvider(resource)) continue;
    const known = fates[type] ?? "not emulated";
    const fate = typeof known === "function" ? known(resource, used) : known;
    if (fate === "not emulated") notEmulated.set(type, (notEmulated.get(type) ?? 0) + 1);
    else if (fate !== "emulated") {
      const count = (withoutEffect.get(type)?.count ?? 0) + 1;
      withoutEffect.set(type, { type, count, why: fate.why });
    }
  }
  return {
    notEmulated: [...notEmulated].map(([type, count]) => ({ type, count })).sort(byType),
    withoutEffect: [...withoutEffect.values()].sort(byType),
    notes: resources.flatMap(notesOf),
  };
}

const byType = (a: ResourceCount, b: ResourceCount): number => (a.type < b.type ? -1 : 1);

/** A component, such as `firehose-opensearch:index:Pipeline`, is made of others; Pulumi's own are no resources of AWS. */
const isOfProvider = ({ type, custom }: Resource): boolean =>
  !type.startsWith("pulumi:") && (custom ?? /^[a-z0-9-]+:[\w-]+\/\w+:\w+$/.test(type));

/** What the stream and the invocations name: buckets, functions, and where both write their logs. */
function usedBy(resources: readonly Resource[]): Used {
  const parts = resources.flatMap(({ type, inputs }) =>
    type === streamType ? everyConfiguration(inputs) : [],
  );
  const { functionNames, ...links } = objectLinksOf(resources);
  const probes = probeLinksOf(resources);
  const functions = [
    ...functionNames,
    ...probes.functionNames,
    ...parts.flatMap(functionsOf),
    ...resources.flatMap(({ type, inputs }) => (type === invocationType ? [inputs["functionName"]] : [])),
  ];
  const ownLog = (resource: Resource): string[] =>
    resource.type === functionType && names(resource.state).some((name) => functions.includes(name))
      ? [resource.inputs["loggingConfig"]?.logGroup ?? `/aws/lambda/${resource.state["name"]}`]
      : [];
  // What a function for objects writes to, it knows by its environment.
  const named = resources.flatMap((one) =>
    one.type === functionType && names(one.state).some((name) => functionNames.includes(name))
      ? Object.values<string>(one.inputs["environment"]?.variables ?? {})
      : [],
  );
  return {
    ...links,
    ruleNames: [...links.ruleNames, ...probes.ruleNames],
    buckets: [...parts.map((part) => String(part["bucketArn"]).split(":::").at(-1)!), ...named],
    functions,
    functionLogs: resources.flatMap(ownLog),
    streamLogs: parts.map((part) => part["cloudwatchLoggingOptions"]?.logGroupName),
  };
}

const functionsOf = (part: Inputs): string[] =>
  processorsOf(part)
    .flatMap(({ parameters }) => parameters)
    .filter(({ name }) => name === "LambdaArn")
    .map(({ value }) => value);

/** Parts of an emulated resource that its room knows nothing of. */
function notesOf({ type, inputs }: Resource): string[] {
  if (type === domainType) {
    const logs: Inputs[] = inputs["logPublishingOptions"] ?? [];
    return [
      ...(inputs["vpcOptions"] ? ["The domain is in a VPC; the embedded index is in this process."] : []),
      ...(logs.length > 0
        ? [`The domain's own logs (${logs.map(({ logType }) => logType).join(", ")}) are not written here.`]
        : []),
    ];
  }
  if (type === streamType && everyConfiguration(inputs).some((part) => part["vpcConfig"])) {
    return ["The stream delivers within a VPC; here it delivers within this process."];
  }
  return [];
}
