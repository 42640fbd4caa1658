/** Options of a component that Pulumi does not hand down by itself to what the component is made of. */
import * as pulumi from "@pulumi/pulumi";

/** That a component comes after others is meant for all of its resources, also when they are deleted. */
export function handedDown(opts: pulumi.ComponentResourceOptions = {}): pulumi.ComponentResourceOptions {
  const { dependsOn, transformations = [] } = opts;
  if (dependsOn === undefined) return opts;
  const comeAfter: pulumi.ResourceTransformation = ({ props, opts: own }) => ({
    props,
    opts: pulumi.mergeOptions(own, { dependsOn }),
  });
  return { ...opts, transformations: [...transformations, comeAfter] };
}
