/** All that can be chosen. Pulumi.yaml describes the keys of the stack; a test keeps its defaults equal to these. */
import type * as pulumi from "@pulumi/pulumi";
import { maskPatterns, usualFields } from "../processors/redaction/configuration";
import type { ChosenProcessor } from "./chosen-processor";
import type { StreamArgs } from "./component-args";
import type { Origin } from "./origin";

export interface Panel {
  readonly title: string;
  /** In query_string syntax; empty = all documents. */
  readonly query: string;
}

/** What the processor `redact` takes out; the others know nothing of it. */
export interface RedactSettings {
  /** Names of fields that are dropped: `password` wherever it is, `user.email` below a user. @default usual secrets */
  readonly fields: readonly string[];
  /** What is masked in all texts. @default all that there are */
  readonly patterns: readonly string[];
}

export interface VpcSettings {
  /** One subnet for each zone of the domain. */
  readonly subnetIds: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The domain, the stream and the function that prepares the domain are in them; they allow 443 among themselves. */
  readonly securityGroupIds: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** People who read: a role of the domain is given to them, and to nobody else. */
export interface ReaderSettings {
  /** ARNs of IAM roles. */
  readonly roleArns: readonly pulumi.Input<string>[];
  /** As the domain's own login names them: roles of SAML, or of its internal users. */
  readonly backendRoles: readonly string[];
}

/** A domain that is there already, with fine-grained access control and its internal users. */
export interface ExistingDomainSettings {
  readonly name: string;
  /** Host name, without `https://`. */
  readonly endpoint: pulumi.Input<string>;
  readonly userName: string;
  readonly password: pulumi.Output<string>;
}

type Chosen<Key extends keyof StreamArgs> = { readonly [K in Key]-?: NonNullable<StreamArgs[K]> };

/** What is chosen for a domain, with its defaults; {@link SearchDomainArgs} says what each means. */
export interface DomainSettings
  extends Chosen<
    | "engineVersion"
    | "instanceType"
    | "instanceCount"
    | "dedicatedMasterCount"
    | "dedicatedMasterType"
    | "volumeSizeGiB"
    | "domainLogs"
    | "createServiceLinkedRole"
  > {
  /** Where it was chosen, for whoever has to be told to choose anew. */
  readonly origin: Origin;
  /** Undefined: the domain has a public address. */
  readonly vpc: VpcSettings | undefined;
  /** Undefined: a new domain. */
  readonly existingDomain: ExistingDomainSettings | undefined;
}

/** What a domain and a pipeline choose each for itself. */
export interface OwnSettings extends Chosen<"protect" | "logRetentionDays"> {
  /** A key of the account's own, its ARN; undefined: keys that AWS holds. */
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
}

/** All that is chosen for a pipeline and its domain, with its defaults; {@link StreamArgs} says what each means. */
export interface Settings
  extends DomainSettings,
    OwnSettings,
    ChosenProcessor,
    Chosen<
      | "accessLogFields"
      | "vpcFlowFields"
      | "indexName"
      | "indexRotation"
      | "indexRetentionDays"
      | "expectedGiBPerDay"
      | "bufferIntervalSeconds"
      | "bufferSizeMiB"
      | "backupIntervalSeconds"
      | "retryDurationSeconds"
      | "backupMode"
      | "backupPrefix"
      | "errorPrefix"
      | "backupRetentionDays"
      | "probe"
      | "logGroups"
      | "logBuckets"
      | "logBucketKeyArns"
      | "publisherRoles"
      | "objectsRevision"
    > {
  readonly redact: RedactSettings;
  /** Which of these two nobody has chosen: a default that changes must not delete an existing stack's documents. */
  readonly leftToDefault: readonly ("indexRotation" | "indexRetentionDays")[];
  readonly panels: readonly Panel[];
  /** Start of all names on AWS, 3 to 28 characters, 48 where it names no domain, lower case. */
  readonly baseName: string;
  readonly streamName: string;
  /** Undefined: no alarms. */
  readonly alarmEmail: string | undefined;
  /** Undefined: the master user alone. */
  readonly readers: ReaderSettings | undefined;
  /** Name of a bucket that is there already, or of another one of the program; undefined: a new one. */
  readonly existingBucket: pulumi.Input<string> | undefined;
}

/** Days that CloudWatch Logs accepts as retention. */
export const logRetentionChoices = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const settingDefaults = {
  processor: "map",
  redactFields: usualFields,
  redactPatterns: maskPatterns,
  accessLogFields: [],
  vpcFlowFields: [],
  indexName: "example",
  indexRotation: "OneDay",
  engineVersion: "OpenSearch_2.19",
  instanceType: "t3.small.search",
  instanceCount: 1,
  dedicatedMasterCount: 0,
  dedicatedMasterType: "m7g.large.search",
  volumeSizeGiB: 10,
  expectedGiBPerDay: 0,
  bufferIntervalSeconds: 60,
  bufferSizeMiB: 1,
  backupIntervalSeconds: 60,
  retryDurationSeconds: 300,
  backupMode: "AllDocuments",
  backupPrefix: "raw/",
  errorPrefix: "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/",
  indexRetentionDays: 14,
  backupRetentionDays: 90,
  logRetentionDays: 14,
  panels: ["total", "bye = message:bye", "hello = message:hello"],
  streamName: "",
  protect: false,
  alarmEmail: "",
  probe: false,
  logGroups: [],
  logBuckets: [],
  logBucketKeyArns: [],
  vpcSubnetIds: [],
  vpcSecurityGroupIds: [],
  createServiceLinkedRole: false,
  kmsKeyArn: "",
  domainLogs: false,
  objectsRevision: 1,
  baseName: "",
  publisherRoles: [],
  readerRoleArns: [],
  readerBackendRoles: [],
  existingDomainName: "",
  existingDomainEndpoint: "",
  existingDomainUser: "",
  existingDomainPassword: "",
  existingBucketName: "",
} as const;
