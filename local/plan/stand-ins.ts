/** What AWS would answer while the program is evaluated: names, ARNs and addresses, no more. */
import { createHash } from "node:crypto";
import type { runtime } from "@pulumi/pulumi";

export const accountId = "000000000000";

export interface EvaluatedResource {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs have the shape of their resource type
  readonly inputs: Record<string, any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly state: Record<string, any>;
}

type ResourceArgs = runtime.MockResourceArgs;

/** The argument that names a resource on AWS, by type; others are named by `name`. */
const nameArguments: Record<string, string> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:opensearch/domain:Domain": "domainName",
};

/** ARNs whose form matters to the program or to the reader. */
const arnForms: Record<string, (name: string, region: string) => string> = {
  "aws:s3/bucket:Bucket": (name) => `arn:aws:s3:::${name}`,
  "aws:opensearch/domain:Domain": (name, region) => `arn:aws:es:${region}:${accountId}:domain/${name}`,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (name, region) =>
    `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`,
  "aws:lambda/function:Function": (name, region) => `arn:aws:lambda:${region}:${accountId}:function:${name}`,
  "aws:iam/role:Role": (name) => `arn:aws:iam::${accountId}:role/${name}`,
  "aws:iam/policy:Policy": (name) => `arn:aws:iam::${accountId}:policy/${name}`,
  "aws:cloudwatch/logGroup:LogGroup": (name, region) =>
    `arn:aws:logs:${region}:${accountId}:log-group:${name}`,
  "aws:sns/topic:Topic": (name, region) => `arn:aws:sns:${region}:${accountId}:${name}`,
};

/** Stands in for the engine; every resource that the program makes is added to `resources`. */
export function standIns(region: string, resources: EvaluatedResource[]): runtime.Mocks {
  return {
    newResource: (args) => {
      const state = stateOf(args, region);
      resources.push({ type: args.type, name: args.name, inputs: args.inputs, state });
      return { id: String(state[nameArguments[args.type] ?? "name"]), state };
    },
    call: ({ token, inputs }) => {
      switch (token) {
        case "aws:index/getCallerIdentity:getCallerIdentity":
          return { accountId, arn: `arn:aws:iam::${accountId}:root`, id: accountId, userId: accountId };
        case "aws:index/getRegion:getRegion":
          return {
            region,
            name: region,
            id: region,
            description: region,
            endpoint: `ec2.${region}.amazonaws.com`,
          };
        case "aws:index/getPartition:getPartition":
          return {
            partition: "aws",
            id: "aws",
            dnsSuffix: "amazonaws.com",
            reverseDnsPrefix: "com.amazonaws",
          };
        case "aws:opensearch/getDomain:getDomain": {
          const name = String(inputs["domainName"]);
          return {
            ...inputs,
            arn: arnForms["aws:opensearch/domain:Domain"]!(name, region),
            ...addressesOf(name, region),
          };
        }
        default:
          throw new Error(
            `The program asks AWS (${token}) while it is evaluated; there is no answer to that on one machine.`,
          );
      }
    },
  };
}

function stateOf(
  { type, name: resourceName, inputs }: ResourceArgs,
  region: string,
): Record<string, unknown> {
  const argument = nameArguments[type] ?? "name";
  const name: string = inputs[argument] ?? resourceName;
  const plain = type.split(":").at(-1)!.toLowerCase();
  const arn = (
    arnForms[type] ?? ((n) => `arn:aws:${type.split(/[:/]/)[1]}:${region}:${accountId}:${plain}/${n}`)
  )(name, region);
  const state: Record<string, unknown> = { ...inputs, [argument]: name, arn };
  if (type === "aws:opensearch/domain:Domain") Object.assign(state, addressesOf(name, region));
  if (type === "aws:lambda/function:Function") {
    Object.assign(state, { version: "1", qualifiedArn: `${arn}:1`, invokeArn: arn });
  }
  if (type === "aws:kms/key:Key") state["keyId"] = name;
  // The same at every start and in no way secret: nothing on this machine is guarded by it.
  if (type === "random:index/randomPassword:RandomPassword") {
    state["result"] = createHash("sha256").update(resourceName).digest("base64url").slice(0, 24);
  }
  return state;
}

const addressesOf = (name: string, region: string): Record<string, string> => ({
  endpoint: `search-${name}.${region}.es.amazonaws.com`,
  dashboardEndpoint: `search-${name}.${region}.es.amazonaws.com/_dashboards`,
});
