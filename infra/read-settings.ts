/** Reads the stack's configuration: all of it, once, and with every problem in one error. */
import * as pulumi from "@pulumi/pulumi";
import { indexNameProblem, indexRotationPeriods } from "../firehose/index-rotation";
import { prefixProblems } from "../firehose/s3-key";
import { processorChain } from "../processors";
import { ConfigReader } from "./config-values";
import { sizeFindings } from "./domain/shards";
import { maxRequestMiB, zonesFor } from "./domain/size";
import { isOwnLogGroup, baseName as nameOf } from "./names";
import { checkProcessorLists, readOrder, readRedact } from "./processor-settings";
import { readAccess, readDomain, readExistingDomain, readVpc } from "./read-domain-settings";
import { logRetentionChoices, type Panel, type Settings, settingDefaults } from "./settings";

/** Reads the stack's configuration, or stops with every problem in one error. */
export function readSettings(config = new pulumi.Config()): Settings {
  const read = new ConfigReader(config);
  const settings: Settings = {
    ...readProcessor(read),
    ...readDestination(read),
    ...readDomain(read),
    ...readKeeping(read),
    redact: readRedact(read),
    accessLogFields: readOrder(read, "accessLogFields"),
    vpcFlowFields: readOrder(read, "vpcFlowFields"),
    panels: readPanels(read),
    ...readAccess(read),
    vpc: readVpc(read),
    existingDomain: readExistingDomain(read, config),
  };
  checkTogether(read, settings);
  read.stop();
  return settings;
}

function readProcessor(read: ConfigReader) {
  const processorName = read.text("processor", settingDefaults.processor);
  const chain = processorChain(processorName);
  if (typeof chain === "string") {
    return { processorName, processorChain: read.wrong("processor", processorName, chain, []) };
  }
  return { processorName, processorChain: chain };
}

function readDestination(read: ConfigReader) {
  const of = settingDefaults;
  return {
    indexName: read.checked("indexName", of.indexName, (name) => {
      const problem = indexNameProblem(name);
      return (
        problem &&
        `lower case, no \\ / * ? " < > | , # : or blank, not starting with - _ +, 1 to 80 characters; it ${problem}`
      );
    }),
    indexRotation: read.oneOf("indexRotation", of.indexRotation, indexRotationPeriods),
    bufferIntervalSeconds: read.integer("bufferIntervalSeconds", of.bufferIntervalSeconds, 0, 900, "seconds"),
    bufferSizeMiB: read.integer("bufferSizeMiB", of.bufferSizeMiB, 1, 100, "MiB"),
    backupIntervalSeconds: read.integer("backupIntervalSeconds", of.backupIntervalSeconds, 0, 900, "seconds"),
    retryDurationSeconds: read.integer("retryDurationSeconds", of.retryDurationSeconds, 0, 7200, "seconds"),
    backupMode: read.oneOf("backupMode", of.backupMode, ["AllDocuments", "FailedDocumentsOnly"] as const),
    backupPrefix: read.text("backupPrefix", of.backupPrefix),
    errorPrefix: read.text("errorPrefix", of.errorPrefix),
    baseName:
      read.checked("baseName", of.baseName, (name) =>
        name === "" || /^[a-z][a-z0-9-]{2,27}$/.test(name)
          ? undefined
          : "3 to 28 lower-case letters, digits and -, starting with a letter",
      ) || undefined,
    streamName: read.checked("streamName", of.streamName, streamNameProblem) || undefined,
  };
}

/** API Gateway and WAF send only to streams whose names begin as they demand, and say so long after `pulumi up`. */
function streamNameProblem(name: string): string | undefined {
  if (!/^[a-zA-Z0-9_.-]{0,64}$/.test(name)) return "1 to 64 letters, digits, _ . or -";
  const isMeantForAws = /^(?:amazon|aws)[-_.]?(?:api[-_.]?gateway|waf)(?:[-_.]|logs?[-_.]|$)/i.test(name);
  if (!isMeantForAws || /^(?:amazon-apigateway-|aws-waf-logs-)./.test(name)) return undefined;
  return "for API Gateway amazon-apigateway- and a name, for WAF aws-waf-logs- and a name, or one that is like neither";
}

function readKeeping(read: ConfigReader) {
  const of = settingDefaults;
  const days = logRetentionChoices.map(String);
  return {
    leftToDefault: (["indexRotation", "indexRetentionDays"] as const).filter((key) => !read.isSet(key)),
    indexRetentionDays: read.integer("indexRetentionDays", of.indexRetentionDays, 1, 3650, "days"),
    backupRetentionDays: read.integer("backupRetentionDays", of.backupRetentionDays, 1, 3650, "days"),
    logRetentionDays: Number(read.oneOf("logRetentionDays", String(of.logRetentionDays), days)),
    protect: read.flag("protect", of.protect),
    alarmEmail:
      read.checked("alarmEmail", of.alarmEmail, (address) =>
        address === "" || /^[^\s@]+@[^\s@]+$/.test(address) ? undefined : "an e-mail address",
      ) || undefined,
    logGroups: read.list("logGroups", of.logGroups),
    kmsKeyArn:
      read.checked("kmsKeyArn", of.kmsKeyArn, (arn) =>
        arn === "" || /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(arn)
          ? undefined
          : "the ARN of a KMS key",
      ) || undefined,
    existingBucket:
      read.checked("existingBucketName", of.existingBucketName, (name) =>
        name === "" || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) ? undefined : "the name of a bucket",
      ) || undefined,
  };
}

/** `title` or `title = query`, each title once. */
function readPanels(read: ConfigReader): Panel[] {
  const panels = read.list("panels", settingDefaults.panels).map((text) => {
    const [title = "", ...query] = text.split("=");
    return { title: title.trim(), query: query.join("=").trim() };
  });
  const titles = panels.map((panel) => panel.title);
  if (titles.includes("") || new Set(titles).size < titles.length) {
    read.wrong("panels", JSON.stringify(titles), "different titles, each as title or title = query", []);
  }
  return panels;
}

/** Rules that join several keys. */
function checkTogether(read: ConfigReader, settings: Settings): void {
  checkProcessorLists(read, settings);
  for (const { of, problem } of prefixProblems(settings.backupPrefix, settings.errorPrefix)) {
    const key = of === "prefix" ? "backupPrefix" : "errorPrefix";
    read.wrong(key, settings[key], problem, 0);
  }
  checkLogGroups(read, settings);
  if (!settings.existingDomain) checkNodes(read, settings);
}

function checkLogGroups(read: ConfigReader, { logGroups, baseName, streamName }: Settings): void {
  const base = baseName ?? nameOf(pulumi.getProject(), pulumi.getStack());
  const own = logGroups.filter((logGroup) => isOwnLogGroup(logGroup, base, streamName ?? base));
  if (own.length === 0) return;
  const allowed = "log groups of others, as each line of the stack's own would make the next one";
  read.wrong("logGroups", own.join(", "), allowed, 0, "--path 'logGroups[0]'");
}

/** What only the nodes of a domain that is made have to do with. */
function checkNodes(read: ConfigReader, settings: Settings): void {
  for (const problem of sizeFindings(settings).refused) {
    read.wrong("indexRetentionDays", String(settings.indexRetentionDays), problem, 0);
  }
  const maxMiB = maxRequestMiB(settings.instanceType);
  if (settings.bufferSizeMiB > maxMiB) {
    const allowed = `at most ${maxMiB} MiB for ${settings.instanceType}, which takes no larger request`;
    read.wrong("bufferSizeMiB", String(settings.bufferSizeMiB), allowed, 0);
  }
  const zones = zonesFor(settings.instanceCount);
  if (zones === undefined) {
    read.wrong(
      "instanceCount",
      String(settings.instanceCount),
      "1, or a multiple of 2 or 3 (as many zones)",
      0,
    );
  }
  if (settings.vpc && zones !== undefined && settings.vpc.subnetIds.length !== zones) {
    const got = JSON.stringify(settings.vpc.subnetIds);
    read.wrong(
      "vpcSubnetIds",
      got,
      `one for each zone, which are ${zones} for ${settings.instanceCount} nodes`,
      0,
    );
  }
}
