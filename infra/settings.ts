/** All configuration. Pulumi.yaml describes the keys; a test keeps its defaults equal to these. */
import type * as pulumi from "@pulumi/pulumi";
import type { IndexRotationPeriod } from "../firehose/index-rotation";
import type { Processor } from "../processors/processor";
import { maskPatterns, usualFields } from "../processors/redaction/configuration";

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
  readonly subnetIds: readonly string[];
  /** The domain, the stream and the function that prepares the domain are in them; they allow 443 among themselves. */
  readonly securityGroupIds: readonly string[];
}

/** People who read: a role of the domain is given to them, and to nobody else. */
export interface ReaderSettings {
  /** ARNs of IAM roles. */
  readonly roleArns: readonly string[];
  /** As the domain's own login names them: roles of SAML, or of its internal users. */
  readonly backendRoles: readonly string[];
}

/** A domain that is there already, with fine-grained access control and its internal users. */
export interface ExistingDomainSettings {
  readonly name: string;
  /** Host name, without `https://`. */
  readonly endpoint: string;
  readonly userName: string;
  readonly password: pulumi.Output<string>;
}

export interface Settings {
  /** As configured: a name, or several joined by commas. @default map */
  readonly processorName: string;
  readonly processorChain: readonly Processor[];
  readonly redact: RedactSettings;
  /** Names in the order of the lines' fields, for the processor `access-log`. @default AWS's order */
  readonly accessLogFields: readonly string[];
  /** Names in the order of the lines' fields, for the processor `vpc-flow`. @default AWS's order */
  readonly vpcFlowFields: readonly string[];
  /** 1 to 80 characters, lower case. @default example */
  readonly indexName: string;
  /** @default OneDay */
  readonly indexRotation: IndexRotationPeriod;
  /** @default OpenSearch_2.19 */
  readonly engineVersion: string;
  /** @default t3.small.search */
  readonly instanceType: string;
  /** 1 to 80. @default 1 */
  readonly instanceCount: number;
  /** 0, 3 or 5. @default 0 */
  readonly dedicatedMasterCount: number;
  /** @default m7g.large.search */
  readonly dedicatedMasterType: string;
  /** 10 to 16384. @default 10 */
  readonly volumeSizeGiB: number;
  /** Documents that are expected, 0 to 100,000; 0 where nobody knows: then disk and shard size are not checked. @default 0 */
  readonly expectedGiBPerDay: number;
  /** 0 to 900. @default 60 */
  readonly bufferIntervalSeconds: number;
  /** 1 to 100. @default 1 */
  readonly bufferSizeMiB: number;
  /** An object of the backup is written at the latest after this time, 0 to 900: each costs a request. @default 60 */
  readonly backupIntervalSeconds: number;
  /** 0 to 7200. @default 300 */
  readonly retryDurationSeconds: number;
  /** @default AllDocuments */
  readonly backupMode: "AllDocuments" | "FailedDocumentsOnly";
  /** Start of the keys of backup objects. @default raw/ */
  readonly backupPrefix: string;
  /** Start of the keys of failed records. @default failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/ */
  readonly errorPrefix: string;
  /** 1 to 3650. @default 14 */
  readonly indexRetentionDays: number;
  /** Which of these two nobody has chosen: a default that changes must not delete an existing stack's documents. */
  readonly leftToDefault: readonly ("indexRotation" | "indexRetentionDays")[];
  /** 1 to 3650. @default 90 */
  readonly backupRetentionDays: number;
  /** One of {@link logRetentionChoices}. @default 14 */
  readonly logRetentionDays: number;
  /** @default total, bye, hello */
  readonly panels: readonly Panel[];
  /** @default derived from project and stack */
  readonly streamName: string | undefined;
  /** @default false */
  readonly protect: boolean;
  /** Alarms go there. @default no alarms */
  readonly alarmEmail: string | undefined;
  /** CloudWatch log groups whose lines are sent into the stream. @default none */
  readonly logGroups: readonly string[];
  /** @default the domain has a public address */
  readonly vpc: VpcSettings | undefined;
  /** Makes the role of the service that a domain in a VPC needs; an account has one. @default false */
  readonly createServiceLinkedRole: boolean;
  /** A key of the account's own, its ARN. @default keys that AWS holds */
  readonly kmsKeyArn: string | undefined;
  /** The domain writes its error and slow logs to CloudWatch. @default false */
  readonly domainLogs: boolean;
  /** Start of all names on AWS, 3 to 28 characters, lower case. @default derived from project and stack */
  readonly baseName: string | undefined;
  /** Names of IAM roles that get the right to send records. @default none */
  readonly publisherRoles: readonly string[];
  /** Who may read the stream's indices and the dashboards. @default the master user alone */
  readonly readers: ReaderSettings | undefined;
  /** Raised to have all objects put into the domain again, 1 to 1000000. @default 1 */
  readonly objectsRevision: number;
  /** @default a new domain */
  readonly existingDomain: ExistingDomainSettings | undefined;
  /** Name of a bucket that is there already. @default a new bucket */
  readonly existingBucket: string | undefined;
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
  logGroups: [],
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
