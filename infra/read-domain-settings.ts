/** What is about the domain: its size, network, people, or one that is there already. */
import * as pulumi from "@pulumi/pulumi";
import { instanceProblem, zonesFor } from "./domain/size";
import { domainNameLength, isKmsKeyArn } from "./names";
import {
  type DomainSettings,
  type ExistingDomainSettings,
  logRetentionChoices,
  type OwnSettings,
  type Settings,
  settingDefaults,
  type VpcSettings,
} from "./settings";
import type { ValueReader } from "./value-reader";

/** What a domain alone has: a pipeline in a domain that is given has none of them. */
export const domainKeys = [
  "engineVersion",
  "instanceType",
  "instanceCount",
  "dedicatedMasterCount",
  "dedicatedMasterType",
  "volumeSizeGiB",
  "domainLogs",
  "createServiceLinkedRole",
  "vpcSubnetIds",
  "vpcSecurityGroupIds",
  "existingDomainName",
  "existingDomainEndpoint",
  "existingDomainUser",
  "existingDomainPassword",
] as const;

/** What a domain has, and a pipeline too. */
export const ownKeys = ["baseName", "kmsKeyArn", "logRetentionDays", "protect"] as const;

export function readDomain(read: ValueReader): DomainSettings {
  const of = settingDefaults;
  return {
    origin: read.origin,
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
    domainLogs: read.flag("domainLogs", of.domainLogs),
    createServiceLinkedRole: read.flag("createServiceLinkedRole", of.createServiceLinkedRole),
    vpc: readVpc(read),
    existingDomain: readExistingDomain(read),
  };
}

/** What a domain and a pipeline choose each for itself. */
export function readOwn(read: ValueReader): OwnSettings {
  const of = settingDefaults;
  return {
    protect: read.flag("protect", of.protect),
    logRetentionDays: Number(
      read.oneOf("logRetentionDays", String(of.logRetentionDays), logRetentionChoices.map(String)),
    ),
    kmsKeyArn:
      read.checkedInput("kmsKeyArn", (arn) =>
        arn === "" || isKmsKeyArn(arn) ? undefined : "the ARN of a KMS key",
      ) || undefined,
  };
}

/** The name on AWS of all that is made, where one is given. @param most characters, by what is named by it */
export const readBaseName = (read: ValueReader, most = domainNameLength): string | undefined =>
  read.checked("baseName", settingDefaults.baseName, (name) =>
    name === "" || (/^[a-z][a-z0-9-]{2,}$/.test(name) && name.length <= most)
      ? undefined
      : `3 to ${most} lower-case letters, digits and -, starting with a letter`,
  ) || undefined;

function readVpc(read: ValueReader): VpcSettings | undefined {
  const subnetIds = read.inputs("vpcSubnetIds");
  const securityGroupIds = read.inputs("vpcSecurityGroupIds");
  const isEmpty = (list: typeof subnetIds) => Array.isArray(list) && list.length === 0;
  if (isEmpty(subnetIds) && isEmpty(securityGroupIds)) return undefined;
  if (isEmpty(subnetIds)) {
    read.wrong("vpcSubnetIds", "[]", "a subnet for each zone, as security groups are given", 0);
  }
  if (isEmpty(securityGroupIds)) {
    read.wrong("vpcSecurityGroupIds", "[]", "at least one group, as subnets are given", 0);
  }
  return { subnetIds, securityGroupIds };
}

/** Rules on the nodes of a domain that is made. */
export function checkZones(read: ValueReader, { instanceCount, vpc }: DomainSettings): void {
  const zones = zonesFor(instanceCount);
  if (zones === undefined) {
    const allowed = "1, or a multiple of 2 or 3 (as many zones)";
    read.wrong("instanceCount", String(instanceCount), allowed, 0);
  }
  // How many there are may be known only while the program is deployed; AWS counts them too.
  if (!vpc || zones === undefined || !Array.isArray(vpc.subnetIds)) return;
  if (vpc.subnetIds.length === zones) return;
  const got = JSON.stringify(vpc.subnetIds);
  read.wrong("vpcSubnetIds", got, `one for each zone, which are ${zones} for ${instanceCount} nodes`, 0);
}

function readExistingDomain(read: ValueReader): ExistingDomainSettings | undefined {
  const name = read.checked("existingDomainName", "", (text) =>
    text === "" || /^[a-z][a-z0-9-]{2,27}$/.test(text)
      ? undefined
      : "the name of a domain: 3 to 28 lower-case letters, digits and -, starting with a letter",
  );
  if (name === "") return undefined;
  const endpoint = read.checkedInput("existingDomainEndpoint", (host) =>
    /^[a-z0-9.-]+$/.test(host) ? undefined : "the host name of the domain, without https://",
  );
  const userName = read.checked("existingDomainUser", "", (user) =>
    user === "" ? "the name of the domain's master user" : undefined,
  );
  const password = read.secret("existingDomainPassword");
  if (!password)
    read.wrong("existingDomainPassword", "", "that user's password", "", "--secret existingDomainPassword");
  return { name, endpoint, userName, password: password ?? pulumi.secret("") };
}

/** Who reads, and who sends. */
export function readAccess(read: ValueReader): Pick<Settings, "publisherRoles" | "readers"> {
  const of = settingDefaults;
  const publisherRoles = read.list("publisherRoles", of.publisherRoles);
  const odd = publisherRoles.filter((name) => !/^[\w+=,.@-]{1,64}$/.test(name));
  if (odd.length > 0) {
    const allowed = "names of IAM roles, not their ARNs";
    read.wrong("publisherRoles", odd.join(", "), allowed, 0, "--path 'publisherRoles[0]'");
  }
  const roleArns = read.inputList("readerRoleArns");
  const notArns = roleArns.filter(
    (arn) => typeof arn === "string" && !/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(arn),
  );
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
