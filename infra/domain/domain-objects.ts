/** Puts into the domain what it must hold: one function, called once for each object as its resource lives. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { closureAlone, closureRuntime } from "../closure";
import { domainCallFactory } from "../domain-call/handler";
import type { AnyObject } from "../domain-call/objects";
import { lambdaTrustPolicy, policyDocument, type Statement } from "../policy";
import { writeLogs } from "../processor-function";
import type { Settings } from "../settings";
import { savedObjects } from "./dashboard";
import {
  type DomainNames,
  deliveryRole,
  deliveryRoleMapping,
  indexTemplate,
  retentionPolicy,
  timePipeline,
} from "./object-bodies";
import type { SearchDomain } from "./search-domain";

export interface DomainObjectsArgs extends DomainNames {
  readonly domain: SearchDomain;
  /** The IAM role of the stream. */
  readonly deliveryRoleArn: pulumi.Output<string>;
  readonly settings: Settings;
}

export class DomainObjects extends pulumi.ComponentResource {
  /** What the stream has to wait for: without it the first deliveries are refused, or get guessed field types. */
  readonly neededByDelivery: readonly pulumi.Resource[];
  readonly lambda: aws.lambda.Function;

  constructor(name: string, args: DomainObjectsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:DomainObjects", name, {}, opts);
    const { settings } = args;
    this.lambda = domainFunction(name, args, this);
    const object = (role: string, input: pulumi.Input<AnyObject>, after: readonly pulumi.Resource[] = []) =>
      new aws.lambda.Invocation(
        `${name}-${role}`,
        {
          functionName: this.lambda.name,
          input: pulumi.output(input).apply((known) => JSON.stringify(known)),
          lifecycleScope: "CRUD",
        },
        // What lives in the stack's own domain goes with it, without a call to a domain that is going.
        { parent: this, dependsOn: [this.lambda, ...after], deletedWith: args.domain.ownDomain },
      );
    const role = object("role", deliveryRole(args, settings));
    const mapping = object(
      "role-mapping",
      args.deliveryRoleArn.apply((arn) => deliveryRoleMapping(args, settings, arn)),
      [role],
    );
    const pipeline = object("ingest-pipeline", timePipeline(args));
    const template = object("index-template", indexTemplate(args, settings), [pipeline]);
    const policy = retentionPolicy(args, settings);
    const retention = policy ? [object("retention", policy)] : [];
    object("saved-objects", savedObjects(args, settings));
    this.neededByDelivery = [mapping, template, ...retention];
    this.registerOutputs();
  }
}

function domainFunction(
  name: string,
  { domain, settings, baseName }: DomainObjectsArgs,
  parent: pulumi.Resource,
): aws.lambda.Function {
  const { vpc, kmsKeyArn, logRetentionDays } = settings;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { name: `/aws/lambda/${baseName}-domain-objects`, retentionInDays: logRetentionDays },
    { parent },
  );
  const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: lambdaTrustPolicy }, { parent });
  const rolePolicy = new aws.iam.RolePolicy(
    `${name}-role-policy`,
    {
      role: role.name,
      policy: policyDocument([
        writeLogs(logGroup.arn),
        ...(vpc ? [networkStatement] : []),
        ...(kmsKeyArn ? [{ Action: ["kms:Decrypt"], Resource: [kmsKeyArn] }] : []),
      ]),
    },
    { parent },
  );
  return new aws.lambda.CallbackFunction(
    name,
    {
      callbackFactory: domainCallFactory,
      role,
      runtime: closureRuntime,
      memorySize: 256,
      // A new domain takes minutes until it answers.
      timeout: 600,
      // The password is in the environment, encrypted, and never in the function's text.
      environment: {
        variables: {
          ENDPOINT: pulumi.interpolate`https://${domain.endpoint}`,
          USERNAME: domain.userName,
          PASSWORD: domain.password,
        },
      },
      ...(kmsKeyArn ? { kmsKeyArn } : {}),
      ...(vpc
        ? { vpcConfig: { subnetIds: [...vpc.subnetIds], securityGroupIds: [...vpc.securityGroupIds] } }
        : {}),
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      codePathOptions: closureAlone(),
    },
    { parent, dependsOn: [rolePolicy] },
  );
}

/** Lambda asks for these on all resources when a function is put into a VPC, and refuses a narrower form. */
const networkStatement: Statement = {
  Action: [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ],
  Resource: ["*"],
};
