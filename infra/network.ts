/** Subnets and groups as the resources in them take them. */
import * as pulumi from "@pulumi/pulumi";
import type { VpcSettings } from "./settings";

/** Lists of its own, as Pulumi's types want them to be written to. */
export const networkOf = ({ subnetIds, securityGroupIds }: VpcSettings) => ({
  subnetIds: pulumi.output(subnetIds).apply((ids) => [...ids]),
  securityGroupIds: pulumi.output(securityGroupIds).apply((ids) => [...ids]),
});
