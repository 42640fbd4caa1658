/** The role that a domain in subnets needs. An account has one for all its domains, so it may be there already. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const awsServiceName = "opensearchservice.amazonaws.com";

/** Makes it, or takes over the one that is there: a second one is refused, and `destroy` leaves it. */
export const serviceLinkedRole = (name: string, parent: pulumi.Resource): pulumi.Output<pulumi.Resource> =>
  pulumi.output(existingRole(parent)).apply(
    (arn) =>
      new aws.iam.ServiceLinkedRole(
        `${name}-linked-role`,
        { awsServiceName },
        {
          parent,
          // Other domains of the account may live on it.
          retainOnDelete: true,
          // The service itself described the one that is there.
          ignoreChanges: ["description", "tags"],
          ...(arn ? { import: arn } : {}),
        },
      ),
  );

async function existingRole(parent: pulumi.Resource): Promise<string | undefined> {
  try {
    const pathPrefix = `/aws-service-role/${awsServiceName}/`;
    const { arns }: Partial<aws.iam.GetRolesResult> = await aws.iam.getRoles({ pathPrefix }, { parent });
    return arns?.[0];
  } catch {
    // Evaluated without an account: there is none.
    return undefined;
  }
}
