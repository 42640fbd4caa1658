/** What an earlier run left: the domain as AWS tells it, and the names that the stream has had. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { upgradeProblem } from "./domain/upgrade";
import { chooseAnother, type Origin } from "./origin";

export interface EarlierDomain {
  readonly engineVersion: string;
  /** Stack that made it, such as `pulumi:web/dev`; undefined where an earlier version of this program did. */
  readonly owner: string | undefined;
}

/** The tag by which a domain tells whose it is. */
export const ownerTag = "firehose-opensearch:owner";

/** Undefined where there is none, or nobody tells: the program is evaluated without an account, too. */
export async function earlierDomain(
  domainName: string,
  parent: pulumi.Resource,
): Promise<EarlierDomain | undefined> {
  try {
    const found: Partial<aws.opensearch.GetDomainResult> = await aws.opensearch.getDomain(
      { domainName },
      { parent },
    );
    // Evaluated on one machine, every question has an empty answer.
    return found.engineVersion
      ? { engineVersion: found.engineVersion, owner: found.tags?.[ownerTag] }
      : undefined;
  } catch {
    return undefined;
  }
}

interface WantedDomain {
  readonly domainName: string;
  /** As {@link EarlierDomain} has it. */
  readonly owner: string;
  readonly engineVersion: string;
  readonly origin: Origin;
}

/** @throws RunError where the domain is another stack's, or cannot be upgraded to the version that is wanted */
export function checkedEngineVersion(
  domain: EarlierDomain | undefined,
  { domainName, owner, engineVersion, origin }: WantedDomain,
): string {
  if (domain?.owner !== undefined && domain.owner !== owner) {
    throw new pulumi.RunError(
      `The domain ${domainName} is of the stack ${domain.owner}, whose name comes out the same as that of ${owner}. Nothing was changed. baseName gives it another one: ${chooseAnother(origin, "baseName")}`,
    );
  }
  const problem = domain && upgradeProblem(domain.engineVersion, engineVersion, origin);
  if (problem) throw new pulumi.RunError(problem);
  return engineVersion;
}

/** Output of the stack that remembers the names of its stream. */
export const streamNamesOutput = "streamNames";

/** The names that the stream of this stack has had, as its outputs remember them. */
export async function formerStreamNames(): Promise<string[]> {
  let outputs: Record<string, unknown> = {};
  try {
    const stack = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
    ({ outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack }));
  } catch {
    // Evaluated without an engine: there was no earlier run.
  }
  const former = [outputs?.[streamNamesOutput] ?? [], outputs?.["streamName"] ?? []].flat();
  return former.filter((name) => typeof name === "string");
}
