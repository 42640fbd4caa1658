/** The function that puts the domain's objects there, and what it works with. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { closureFunction, closureRuntime } from "../closure";
import { domainCallFactory } from "../domain-call/handler";
import { networkOf } from "../network";
import { lambdaTrustPolicy, policyDocument, type Statement } from "../policy";
import { writeLogs } from "../processor-function";
import type { Settings } from "../settings";
import type { DomainCluster } from "./domain-cluster";

export interface DomainFunctionArgs {
  /** Start of the function's name and of its log group's. */
  readonly baseName: string;
  readonly settings: Pick<Settings, "vpc" | "kmsKeyArn" | "logRetentionDays">;
}

/** What a function needs that asks the domain. */
export interface FunctionRole {
  readonly role: aws.iam.Role;
  readonly rolePolicy: aws.iam.RolePolicy;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** How it reaches the domain, and logs in. */
  readonly reach: (
    domain: DomainCluster,
    variables?: Readonly<Record<string, pulumi.Input<string>>>,
  ) => Pick<aws.lambda.CallbackFunctionArgs<unknown, unknown>, "environment" | "kmsKeyArn" | "vpcConfig">;
}

export function domainFunctionRole(
  name: string,
  { baseName, settings }: DomainFunctionArgs,
  parent: pulumi.Resource,
): FunctionRole {
  const { vpc, kmsKeyArn, logRetentionDays } = settings;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { name: `/aws/lambda/${functionName(baseName)}`, retentionInDays: logRetentionDays },
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
  const reach: FunctionRole["reach"] = (domain, variables = {}) => ({
    // The password is in the environment, encrypted, and never in the function's text.
    environment: {
      variables: {
        ENDPOINT: pulumi.interpolate`https://${domain.endpoint}`,
        USERNAME: domain.userName,
        PASSWORD: domain.password,
        ...variables,
      },
    },
    ...(kmsKeyArn ? { kmsKeyArn } : {}),
    ...(vpc ? { vpcConfig: networkOf(vpc) } : {}),
  });
  return { role, rolePolicy, logGroup, reach };
}

const functionName = (baseName: string): string => `${baseName}-domain-objects`;

export function domainFunction(
  name: string,
  { baseName }: Pick<DomainFunctionArgs, "baseName">,
  { role, rolePolicy, logGroup, reach }: FunctionRole,
  domain: DomainCluster,
  parent: pulumi.Resource,
): aws.lambda.Function {
  return closureFunction(
    name,
    {
      // A fixed name: one that was deleted comes back as what the objects' invocations name already.
      name: functionName(baseName),
      callbackFactory: domainCallFactory,
      role,
      runtime: closureRuntime,
      memorySize: 256,
      // A new domain takes minutes until it answers.
      timeout: 600,
      ...reach(domain),
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
    },
    // Earlier versions let Pulumi make the name; another one would make a new function.
    { parent, dependsOn: [rolePolicy], ignoreChanges: ["name"], deleteBeforeReplace: true },
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
