/** Names and addresses as AWS makes them, from what the program says; all of them are invented. */
import { createHash } from "node:crypto";

export const accountId = "000000000000";

/** Hexadecimal digits that are the same at every start. */
export const digits = (text: string, length: number): string =>
  createHash("sha512").update(text).digest("hex").slice(0, length);

/** A text that looks like a password, the same at every start. Nothing on this machine is guarded by it. */
export const password = (text: string, length: number): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, length);

export const arn = (service: string, region: string, rest: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${rest}`;

/** IAM has no regions. */
export const iamArn = (rest: string): string => arn("iam", "", rest);

export const bucketAddresses = (bucket: string, region: string): Record<string, string> => ({
  bucketDomainName: `${bucket}.s3.amazonaws.com`,
  bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
  hostedZoneId: "Z3AQBSTGFYJSTF",
});

export const searchAddresses = (domain: string, region: string): Record<string, string> => {
  const endpoint = `search-${domain}.${region}.es.amazonaws.com`;
  return {
    endpoint,
    dashboardEndpoint: `${endpoint}/_dashboards`,
    kibanaEndpoint: `${endpoint}/_plugin/kibana/`,
  };
};

/** Such as `subnet-0a1b…`, of a length that AWS uses. */
export const ec2Id = (kind: string, name: string): string => `${kind}-0${digits(kind + name, 16)}`;
