/** The part of the configuration that is about the domain: its size, network, people, or one that is there already. */
import * as pulumi from "@pulumi/pulumi";
import type { ConfigReader } from "./config-values";
import { instanceProblem } from "./domain/size";
import { type ExistingDomainSettings, type Settings, settingDefaults, type VpcSettings } from "./settings";

export function readDomain(read: ConfigReader) {
  const of = settingDefaults;
  return {
    engineVersion: read.checked("engineVersion", of.engineVersion, (version) =>
      /^(OpenSearch_(1\.[3-9]|[2-9]\.\d{1,2})|Elasticsearch_7\.10)$/.test(version)
        ? undefined
        : "OpenSearch_1.3 or later, such as OpenSearch_2.19, or Elasticsearch_7.10",
    ),
    instanceType: read.checked("instanceType", of.instanceType, instanceProblem),
    instanceCount: read.integer("instanceCount", of.instanceCount, 1, 80, "nodes"),
    dedicatedMasterCount: Number(
      read.oneOf("dedicatedMasterCount", String(of.dedicatedMasterCount), ["0", "3", "5"]),
    ),
    dedicatedMasterType: read.checked("dedicatedMasterType", of.dedicatedMasterType, instanceProblem),
    volumeSizeGiB: read.integer("volumeSizeGiB", of.volumeSizeGiB, 10, 16384, "GiB"),
    expectedGiBPerDay: read.integer("expectedGiBPerDay", of.expectedGiBPerDay, 0, 100_000, "GiB"),
    objectsRevision: read.integer("objectsRevision", of.objectsRevision, 1, 1_000_000, "times"),
    domainLogs: read.flag("domainLogs", of.domainLogs),
    createServiceLinkedRole: read.flag("createServiceLinkedRole", of.createServiceLinkedRole),
  };
}

export function readVpc(read: ConfigReader): VpcSettings | undefined {
  const subnetIds = read.list("vpcSubnetIds", settingDefaults.vpcSubnetIds);
  const securityGroupIds = read.list("vpcSecurityGroupIds", settingDefaults.vpcSecurityGroupIds);
  if (subnetIds.length === 0 && securityGroupIds.length === 0) return undefined;
  if (subnetIds.length === 0)
    read.wrong("vpcSubnetIds", "[]", "a subnet for each zone, as security groups are given", 0);
  if (securityGroupIds.length === 0) {
    read.wrong("vpcSecurityGroupIds", "[]", "at least one group, as subnets are given", 0);
  }
  return { subnetIds, securityGroupIds };
}

export function readExistingDomain(
  read: ConfigReader,
  config: pulumi.Config,
): ExistingDomainSettings | undefined {
  const name = read.checked("existingDomainName", "", (text) =>
    text === "" || /^[a-z][a-z0-9-]{2,27}$/.test(text)
      ? undefined
      : "the name of a domain: 3 to 28 lower-case letters, digits and -, starting with a letter",
  );
  if (name === "") return undefined;
  const endpoint = read.checked("existingDomainEndpoint", "", (host) =>
    /^[a-z0-9.-]+$/.test(host) ? undefined : "the host name of the domain, without https://",
  );
  const userName = read.checked("existingDomainUser", "", (user) =>
    user === "" ? "the name of the domain's master user" : undefined,
  );
  const password = config.getSecret("existingDomainPassword");
  // The default of Pulumi.yaml is a secret too, and an empty one.
  if (!password || !read.isSet("existingDomainPassword"))
    read.wrong("existingDomainPassword", "", "that user's password", "", "--secret existingDomainPassword");
  return { name, endpoint, userName, password: password ?? pulumi.secret("") };
}

/** Who reads, and who sends. */
export function readAccess(read: ConfigReader): Pick<Settings, "publisherRoles" | "readers"> {
  const of = settingDefaults;
  const publisherRoles = read.list("publisherRoles", of.publisherRoles);
  const odd = publisherRoles.filter((name) => !/^[\w+=,.@-]{1,64}$/.test(name));
  if (odd.length > 0) {
    const allowed = "names of IAM roles, not their ARNs";
    read.wrong("publisherRoles", odd.join(", "), allowed, 0, "--path 'publisherRoles[0]'");
  }
  const roleArns = read.list("readerRoleArns", of.readerRoleArns);
  const notArns = roleArns.filter((arn) => !/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(arn));
  if (notArns.length > 0) {
    const allowed = "ARNs of IAM roles, without *";
    read.wrong("readerRoleArns", notArns.join(", "), allowed, 0, "--path 'readerRoleArns[0]'");
  }
  const backendRoles = read.list("readerBackendRoles", of.readerBackendRoles);
  const blank = backendRoles.filter((name) => name.trim() === "" || /[*?]/.test(name));
  if (blank.length > 0) {
    const allowed = "names of roles, without * and ?, which would let in more than is named";
    read.wrong("readerBackendRoles", blank.join(", "), allowed, 0, "--path 'readerBackendRoles[0]'");
  }
  const isAnybody = roleArns.length + backendRoles.length > 0;
  return { publisherRoles, readers: isAnybody ? { roleArns, backendRoles } : undefined };
}
