/** Reads all that is chosen for a pipeline, from the stack's configuration or from its arguments. */
import * as aws from "@pulumi/aws";
import { indexNameProblem, indexRotationPeriods } from "../firehose/index-rotation";
import { prefixProblems } from "../firehose/s3-key";
import { type ChosenProcessor, chosenProcessor } from "./chosen-processor";
import type { StreamArgs } from "./component-args";
import { type StreamSize, sizeFindings } from "./domain/shards";
import { maxRequestMiB } from "./domain/size";
import { baseNameLength, isKmsKeyArn, isOwnLogGroup } from "./names";
import { checkProcessorLists, readOrder, readRedact } from "./processor-settings";
import {
  checkZones,
  domainKeys,
  readAccess,
  readBaseName,
  readDomain,
  readOwn,
} from "./read-domain-settings";
import { type DomainSettings, type Panel, type Settings, settingDefaults } from "./settings";
import type { ValueReader } from "./value-reader";

/** What is not chosen by a value alone. */
export interface Surroundings {
  /** Start of all names where none is chosen. */
  readonly baseName: string;
  /** Start of the index names where none is chosen. */
  readonly indexName: string;
  /** Start of all keys in a bucket that is given, where none is chosen. */
  readonly keyStart: string;
  /** A domain that is given. @default the pipeline's own */
  readonly domain?: {
    readonly baseName: string;
    readonly settings: DomainSettings;
    /** What the pipelines that are on it already keep. */
    readonly kept: readonly StreamSize[];
  };
}

/** Notes every problem in `read`; to be used once `read.stop()` has said that there is none. */
export function settingsOf(read: ValueReader, around: Surroundings): Settings {
  const baseName = readBaseName(read, around.domain && baseNameLength) ?? around.baseName;
  const processor = readProcessor(read);
  const settings: Settings = {
    ...processor,
    ...readDestination(read, around),
    ...(around.domain?.settings ?? readDomain(read)),
    ...readOwn(read),
    ...readKeeping(read),
    ...readBucket(read, around),
    baseName,
    streamName: read.checked("streamName", settingDefaults.streamName, streamNameProblem) || baseName,
    redact: readRedact(read),
    accessLogFields: readOrder(read, "accessLogFields"),
    vpcFlowFields: readOrder(read, "vpcFlowFields"),
    panels: readPanels(read, processor.processorChain),
    ...readAccess(read),
  };
  if (around.domain) refuseDomainKeys(read);
  checkTogether(read, settings, around);
  return settings;
}

function readProcessor(read: ValueReader): ChosenProcessor {
  const given = read.given("processor") ?? settingDefaults.processor;
  const chosen = chosenProcessor(given === "" ? settingDefaults.processor : given);
  if (typeof chosen !== "string") return chosen;
  const got = typeof given === "string" ? given : (JSON.stringify(given) ?? String(given));
  return read.wrong("processor", got, chosen, { processorName: got, processorChain: [] });
}

/** What belongs to a domain is chosen where the domain is. */
function refuseDomainKeys(read: ValueReader): void {
  for (const key of domainKeys.filter((one) => read.isSet(one))) {
    const got = key === "existingDomainPassword" ? "a secret" : read.text(key, "");
    read.wrong(key, got, "nothing, as the argument domain is given; give it to that SearchDomain", 0);
  }
}

function readDestination(read: ValueReader, { indexName }: Surroundings) {
  const of = settingDefaults;
  return {
    indexName: read.checked("indexName", indexName, (name) => {
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
    expectedGiBPerDay: read.integer("expectedGiBPerDay", of.expectedGiBPerDay, 0, 100_000, "GiB"),
    objectsRevision: read.integer("objectsRevision", of.objectsRevision, 1, 1_000_000, "times"),
  };
}

/** API Gateway and WAF send only to streams whose names begin as they demand, and say so long after `pulumi up`. */
function streamNameProblem(name: string): string | undefined {
  if (!/^[a-zA-Z0-9_.-]{0,64}$/.test(name)) return "1 to 64 letters, digits, _ . or -";
  const isMeantForAws = /^(?:amazon|aws)[-_.]?(?:api[-_.]?gateway|waf)(?:[-_.]|logs?[-_.]|$)/i.test(name);
  if (!isMeantForAws || /^(?:amazon-apigateway-|aws-waf-logs-)./.test(name)) return undefined;
  return "for API Gateway amazon-apigateway- and a name, for WAF aws-waf-logs- and a name, or one that is like neither";
}

function readKeeping(read: ValueReader) {
  const of = settingDefaults;
  return {
    leftToDefault: (["indexRotation", "indexRetentionDays"] as const).filter((key) => !read.isSet(key)),
    indexRetentionDays: read.integer("indexRetentionDays", of.indexRetentionDays, 1, 3650, "days"),
    backupRetentionDays: read.integer("backupRetentionDays", of.backupRetentionDays, 1, 3650, "days"),
    alarmEmail:
      read.checked("alarmEmail", of.alarmEmail, (address) =>
        address === "" || /^[^\s@]+@[^\s@]+$/.test(address) ? undefined : "an e-mail address",
      ) || undefined,
    probe: read.flag("probe", of.probe),
    logGroups: read.list("logGroups", of.logGroups),
    logBuckets: readLogBuckets(read),
    logBucketKeyArns: readKeyArns(read),
  };
}

/** `bucket` or `bucket/prefix`; no two of them hold the same objects, as each object is sent once. */
function readLogBuckets(read: ValueReader): readonly string[] {
  const got = read.list("logBuckets", settingDefaults.logBuckets);
  const wrong = (allowed: string) =>
    read.wrong("logBuckets", got.join(", "), allowed, got, "--path 'logBuckets[0]'");
  if (!got.every((one) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^*?]{1,500})?$/.test(one)))
    return wrong("bucket or bucket/prefix, without s3:// and without wildcards");
  const isWithin = (one: string, other: string): boolean =>
    one.startsWith(other) && (other.includes("/") || one === other || one[other.length] === "/");
  const twice = got.find((one, i) => got.some((other, k) => i !== k && isWithin(one, other)));
  if (twice) return wrong(`each bucket and prefix once; ${twice} is within another of them`);
  return got;
}

function readKeyArns(read: ValueReader): readonly string[] {
  const got = read.list("logBucketKeyArns", settingDefaults.logBucketKeyArns);
  if (got.every(isKmsKeyArn)) return got;
  return read.wrong(
    "logBucketKeyArns",
    got.join(", "),
    "ARNs of KMS keys",
    got,
    "--path 'logBucketKeyArns[0]'",
  );
}

/** A bucket that is given may be that of other pipelines: each has its own part of the keys. */
function readBucket(read: ValueReader, { keyStart }: Surroundings) {
  const of = settingDefaults;
  const bucket = read.given("bucket") as StreamArgs["bucket"];
  const existing =
    read.checked("existingBucketName", of.existingBucketName, (name) =>
      name === "" || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
        ? undefined
        : "the name of a bucket: 3 to 63 lower-case letters, digits, . and -",
    ) || undefined;
  if (bucket && existing) {
    read.wrong("existingBucketName", existing, "nothing, as the argument bucket is given", 0);
  }
  const start = bucket ? keyStart : "";
  return {
    existingBucket: aws.s3.Bucket.isInstance(bucket) ? bucket.bucket : bucket || existing,
    backupPrefix: read.text("backupPrefix", `${start}${of.backupPrefix}`),
    errorPrefix: read.text("errorPrefix", `${start}${of.errorPrefix}`),
  };
}

/** `title` or `title = query`, each title once. */
function readPanels(read: ValueReader, chain: ChosenProcessor["processorChain"]): Panel[] {
  const panels = panelTexts(read.list("panels", settingDefaults.panels), chain).map((text) => {
    const [title = "", ...query] = text.split("=");
    return { title: title.trim(), query: query.join("=").trim() };
  });
  const titles = panels.map((panel) => panel.title);
  if (titles.includes("") || new Set(titles).size < titles.length) {
    read.wrong("panels", JSON.stringify(titles), "different titles, each as title or title = query", []);
  }
  return panels;
}

/**
 * Panels that were left alone are those of the processor whose documents they are: `bye` and `hello` count nothing in an
 * access log. A setting that was left alone comes as its default, so who sets just that gets the processor's own too.
 */
export function panelTexts(
  given: readonly string[],
  chain: ChosenProcessor["processorChain"],
): readonly string[] {
  const isDefault = JSON.stringify(given) === JSON.stringify(settingDefaults.panels);
  return (isDefault && chain.findLast(({ panels }) => panels)?.panels) || given;
}

/** Rules that join several keys. */
function checkTogether(read: ValueReader, settings: Settings, { domain }: Surroundings): void {
  checkProcessorLists(read, settings);
  for (const { of, problem } of prefixProblems(settings.backupPrefix, settings.errorPrefix)) {
    const key = of === "prefix" ? "backupPrefix" : "errorPrefix";
    read.wrong(key, settings[key], problem, 0);
  }
  checkProbe(read, settings);
  checkLogGroups(read, settings, domain?.baseName ?? settings.baseName);
  checkLogBuckets(read, settings);
  if (settings.existingDomain) return;
  checkLoad(read, settings, domain?.kept);
  // A domain that is given has said so itself.
  if (!domain) checkZones(read, settings);
}

function checkProbe(read: ValueReader, { probe, alarmEmail, processorLambda }: Settings): void {
  if (!probe) return;
  if (!alarmEmail) {
    read.wrong("probe", "true", "false, or true with an alarmEmail that is told when it does not come", 0);
  }
  if (processorLambda) {
    read.wrong("probe", "true", "false, as a function of the program as processor knows no probe", 0);
  }
}

function checkLogGroups(read: ValueReader, settings: Settings, domainBase: string): void {
  const { logGroups, baseName, streamName } = settings;
  const own = logGroups.filter(
    (logGroup) =>
      isOwnLogGroup(logGroup, baseName, streamName) || isOwnLogGroup(logGroup, domainBase, streamName),
  );
  if (own.length === 0) return;
  const allowed = "log groups of others, as each line of the stack's own would make the next one";
  read.wrong("logGroups", own.join(", "), allowed, 0, "--path 'logGroups[0]'");
}

/** The stack's own backup, sent in again, would make the next one. */
function checkLogBuckets(read: ValueReader, { logBuckets, existingBucket }: Settings): void {
  const own = logBuckets.filter((one) => one.split("/")[0] === existingBucket);
  if (own.length === 0) return;
  const allowed = "buckets of others, as each object of the stack's own would make the next one";
  read.wrong("logBuckets", own.join(", "), allowed, 0, "--path 'logBuckets[0]'");
}

/** What only the nodes of a domain that is made have to do with. */
function checkLoad(read: ValueReader, settings: Settings, beside?: readonly StreamSize[]): void {
  for (const problem of sizeFindings(settings, beside).refused) {
    read.wrong("indexRetentionDays", String(settings.indexRetentionDays), problem, 0);
  }
  const maxMiB = maxRequestMiB(settings.instanceType);
  if (settings.bufferSizeMiB > maxMiB) {
    const allowed = `at most ${maxMiB} MiB for ${settings.instanceType}, which takes no larger request`;
    read.wrong("bufferSizeMiB", String(settings.bufferSizeMiB), allowed, 0);
  }
}
