/** Names: of the children in the program, and on AWS where they must be known before the resource exists. */
import { createHash } from "node:crypto";

/** Characters that an OpenSearch domain's name may have, the shortest limit of all names. */
export const domainNameLength = 28;
/** With the longest of its endings it is a Lambda function's or a stream's name, of 64 characters. */
export const baseNameLength = 48;

/** `project-stack` as everything is named from it that may be a domain's name too. */
export const baseName = (project: string, stack: string): string =>
  nameOf([project, stack], domainNameLength);

/** `project-stack-component`, as what a component makes is named from it. */
export const componentBaseName = (
  project: string,
  stack: string,
  component: string,
  { isDomain }: { readonly isDomain: boolean },
): string => nameOf([project, stack, component], isDomain ? domainNameLength : baseNameLength);

/**
 * Lower case, at least 3 characters, starting with a letter. A longer one than `length` is cut and ends in a hash, so
 * that two long stack names stay different.
 */
function nameOf(parts: readonly string[], length: number): string {
  const joined = parts.join("-");
  const plain = joined.toLowerCase().replace(/[^a-z0-9-]/g, "-");
  const named = /^[a-z]/.test(plain) ? plain : `p${plain}`;
  if (named.length <= length && named === joined) return named;
  const hash = createHash("sha256").update(parts.join("/")).digest("hex").slice(0, 6);
  return `${named.slice(0, length - 7).replace(/-+$/, "")}-${hash}`;
}

/** What is wrong with the name of a component, from which the names of its resources on AWS are made; undefined: nothing. */
export const componentNameProblem = (name: string): string | undefined =>
  /^[a-zA-Z][a-zA-Z0-9-]{0,35}$/.test(name)
    ? undefined
    : "1 to 36 letters, digits and -, starting with a letter, as the longest name on AWS has 28 characters more";

/** Whether this is the ARN of a KMS key; an alias is none. */
export const isKmsKeyArn = (arn: string): boolean =>
  /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(arn);

/** Log groups that the stack itself writes to; sent into its own stream, each line would make the next one. */
export const isOwnLogGroup = (logGroup: string, base: string, streamName: string): boolean =>
  [
    `/aws/lambda/${base}-processor`,
    `/aws/lambda/${base}-log-objects`,
    `/aws/lambda/${base}-domain-objects`,
    `/aws/lambda/${base}-probe-sender`,
    `/aws/kinesisfirehose/${streamName}`,
  ].includes(logGroup) || logGroup.startsWith(`/aws/OpenSearchService/domains/${base}/`);

/** What tells this stack's objects in a domain from those of others. */
export const ownerOf = (project: string, stack: string): string => `pulumi:${project}/${stack}`;

/** Where the stack lives; every ARN that is written before its resource exists begins with it. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/** `arn:aws:firehose:eu-west-1:111122223333:deliverystream/web` from `firehose` and `deliverystream/web`. */
export const arnOf = (place: Place, service: string, resource: string): string =>
  `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}`;
