/** A network with its subnets, as the component of `@pulumi/awsx` hands it out. */
import { arn, ec2Id } from "./names";

// biome-ignore lint/suspicious/noExplicitAny: inputs and outputs have the shape of their resource type
type Values = Record<string, any>;

const kinds = ["Private", "Public", "Isolated"] as const;
/** What a network has where nobody says which subnets it is to have. */
const usual: readonly Values[] = [{ type: "Private" }, { type: "Public" }];
const usualZones = 3;

/** One subnet of each kind in each zone; those of the usual kinds where none are chosen. */
export function networkOutputs(name: string, region: string, inputs: Values): Values {
  const vpcId = ec2Id("vpc", name);
  const count: number =
    inputs["availabilityZoneNames"]?.length ?? inputs["numberOfAvailabilityZones"] ?? usualZones;
  const specs: readonly Values[] = inputs["subnetSpecs"] ?? usual;
  const subnetsOf = (kind: string): Values[] =>
    specs
      .filter(({ type }) => String(type).toLowerCase() === kind.toLowerCase())
      .flatMap((spec, i) =>
        Array.from({ length: count }, (_, zone) => subnet(`${kind}-${spec["name"] ?? i}`, zone)),
      );
  const subnet = (kind: string, zone: number): Values => {
    const id = ec2Id("subnet", `${name}-${kind}-${zone}`);
    const availabilityZone = `${region}${String.fromCharCode(97 + zone)}`;
    return { id, arn: arn("ec2", region, `subnet/${id}`), vpcId, availabilityZone };
  };
  const cidrBlock = inputs["cidrBlock"] ?? "10.0.0.0/16";
  const outputs: Values = {
    vpcId,
    vpc: { id: vpcId, arn: arn("ec2", region, `vpc/${vpcId}`), cidrBlock },
    subnets: kinds.flatMap(subnetsOf),
  };
  for (const kind of kinds) {
    const subnets = subnetsOf(kind);
    outputs[`${kind.toLowerCase()}Subnets`] = subnets;
    outputs[`${kind.toLowerCase()}SubnetIds`] = subnets.map(({ id }) => id);
  }
  const empty = ["eips", "natGateways", "routeTables", "routeTableAssociations", "routes", "vpcEndpoints"];
  return { ...outputs, ...Object.fromEntries(empty.map((key) => [key, []])) };
}
