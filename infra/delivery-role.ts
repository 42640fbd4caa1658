/** The role that Firehose works with. It exists before the stream, as the domain has to know it first. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Place } from "./names";
import { networkOf } from "./network";
import { policyDocument, type Statement, trustPolicy } from "./policy";
import type { VpcSettings } from "./settings";

export interface DeliveryRoleArgs {
  readonly place: pulumi.Input<Place>;
  /** The stream under the name it has, and under those it had; one is given as a text. */
  readonly streamArns: pulumi.Input<string | string[]>;
  /** What the bucket, the domain, the processor and the log group hand out. */
  readonly statements: readonly Statement[];
  readonly vpc: VpcSettings | undefined;
}

export class DeliveryRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  /** The stream has to wait for it: a role without rights is "unable to be assumed", minutes later. */
  readonly policy: aws.iam.RolePolicy;

  constructor(name: string, args: DeliveryRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:DeliveryRole", name, {}, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: trustPolicy("firehose.amazonaws.com", args.place, args.streamArns) },
      { parent: this },
    );
    const network = args.vpc ? [networkStatements(args.place, args.vpc)] : [];
    this.policy = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      { role: role.name, policy: policyDocument([...args.statements, ...network]) },
      { parent: this },
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** Firehose makes a network interface in each subnet of the domain. */
function networkStatements(at: pulumi.Input<Place>, vpc: VpcSettings): pulumi.Output<Statement[]> {
  return pulumi.all([at, networkOf(vpc)]).apply(([place, { subnetIds, securityGroupIds }]) => {
    const ec2 = (resource: string) => arnOf(place, "ec2", resource);
    return [
      {
        Action: [
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
        ],
        // These Describe actions know no resources.
        Resource: ["*"],
      },
      {
        // The settings name the subnets, not the VPC that they are in.
        Action: ["ec2:DescribeVpcAttribute"],
        Resource: [ec2("vpc/*")],
      },
      {
        Action: ["ec2:CreateNetworkInterface"],
        Resource: [
          ec2("network-interface/*"),
          ...subnetIds.map((id) => ec2(`subnet/${id}`)),
          ...securityGroupIds.map((id) => ec2(`security-group/${id}`)),
        ],
      },
      {
        // The interfaces' ids are not known before Firehose makes them.
        Action: ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
        Resource: [ec2("network-interface/*")],
      },
    ];
  });
}
