/** What a program may choose: all of it is optional, and has the names and units of the stack's settings. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { IndexRotationPeriod } from "../firehose/index-rotation";
import type { InlineProcessor } from "../processors/inline";
import type { Processor } from "../processors/processor";

/** A domain, made or there already. */
export interface SearchDomainArgs {
  /**
   * Start of the names on AWS, 3 to 28 characters, lower case, as the domain has it for its name; 48 for a pipeline in a
   * domain that is given. @default derived from project, stack and name
   */
  readonly baseName?: string;
  /** OpenSearch_1.3 or later, or Elasticsearch_7.10. @default OpenSearch_2.19 */
  readonly engineVersion?: string;
  /** Instance type of the data nodes. @default t3.small.search */
  readonly instanceType?: string;
  /** Data nodes, 1 or a multiple of 2 or 3 up to 80, spread over as many zones. @default 1 */
  readonly instanceCount?: number;
  /** Nodes that only lead the cluster: 0, 3 or 5. @default 0 */
  readonly dedicatedMasterCount?: number;
  /** Instance type of those. @default m7g.large.search */
  readonly dedicatedMasterType?: string;
  /** Disk of each data node in GiB, 10 to 16384. @default 10 */
  readonly volumeSizeGiB?: number;
  /** The domain writes its error and slow logs to CloudWatch. @default false */
  readonly domainLogs?: boolean;
  /** One subnet for each zone. @default the domain has a public address */
  readonly vpcSubnetIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Domain, streams and the function that prepares the domain are in them; they allow 443 among themselves. @default none */
  readonly vpcSecurityGroupIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Makes the role of the service that a domain in a VPC needs; an account has one. @default false */
  readonly createServiceLinkedRole?: boolean;
  /** A domain that is there already, with fine-grained access control and its internal users. @default a new one */
  readonly existingDomainName?: string;
  /** Its host name, without `https://`. */
  readonly existingDomainEndpoint?: pulumi.Input<string>;
  /** Its master user. */
  readonly existingDomainUser?: string;
  /** That user's password. */
  readonly existingDomainPassword?: pulumi.Input<string>;
  /** ARN of a KMS key of the account's own. A domain keeps the key it was made with. @default keys that AWS holds */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Days that CloudWatch keeps log lines, one of the values that it allows. @default 14 */
  readonly logRetentionDays?: number;
  /** Guards the domain against deletion; on a pipeline its bucket too. @default false */
  readonly protect?: boolean;
}

/** What makes documents of records: a name of the registry, a function of the program's own, or one with its fields. */
export type ProcessorLink = string | InlineProcessor | Processor;

/** A stream with its processor and its backup, in a domain of its own. */
export interface StreamArgs extends SearchDomainArgs {
  /** A bucket of the program for backup and failed records, or the name of one that is there. @default a new one */
  readonly bucket?: aws.s3.Bucket | pulumi.Input<string>;
  /**
   * What happens to each record: a name of the registry or several joined by commas, a function of one record, a
   * factory of one, a list of these in the order in which a record passes them, or a Lambda function that is called
   * as it is. A function with a parameter handles a record; one without is a factory, called once at the cold start.
   * @default map
   */
  readonly processor?: ProcessorLink | readonly ProcessorLink[] | aws.lambda.Function;
  /** Fields that the processor `redact` drops, by name wherever they are. @default usual secrets */
  readonly redactFields?: readonly string[];
  /** What `redact` masks in all texts: email, card, key, iban. @default all of them */
  readonly redactPatterns?: readonly string[];
  /** Names in the order of the lines' fields, for the processor `access-log`. @default AWS's order */
  readonly accessLogFields?: readonly string[];
  /** Names in the order of the lines' fields, for the processor `vpc-flow`. @default AWS's order */
  readonly vpcFlowFields?: readonly string[];
  /** Start of the index names, 1 to 80 characters, lower case; each pipeline of a domain has its own. @default the component's name in lower case */
  readonly indexName?: string;
  /** When a new index begins (UTC). @default OneDay */
  readonly indexRotation?: IndexRotationPeriod;
  /** An index is deleted after this many days, 1 to 3650; without rotation none is. @default 14 */
  readonly indexRetentionDays?: number;
  /** Documents that are expected in GiB a day, 0 to 100,000; disk and shard size are checked by it. @default 0, no check */
  readonly expectedGiBPerDay?: number;
  /** Firehose delivers at the latest after this many seconds, 0 to 900. @default 60 */
  readonly bufferIntervalSeconds?: number;
  /** Firehose delivers at the latest at this size in MiB, 1 to 100, on small instance types to 10. @default 1 */
  readonly bufferSizeMiB?: number;
  /** An object of the backup is written at the latest after this many seconds, 0 to 900. @default 60 */
  readonly backupIntervalSeconds?: number;
  /** How long delivery is tried again, in seconds, 0 to 7200. @default 300 */
  readonly retryDurationSeconds?: number;
  /** What S3 keeps. A change replaces the stream. @default AllDocuments */
  readonly backupMode?: "AllDocuments" | "FailedDocumentsOnly";
  /** Start of the keys of backup objects. @default raw/, in a bucket that is given NAME/raw/ */
  readonly backupPrefix?: string;
  /** Start of the keys of failed records. @default failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/, in a bucket that is given below NAME/ */
  readonly errorPrefix?: string;
  /** A backup object is deleted after this many days, 1 to 3650. @default 90 */
  readonly backupRetentionDays?: number;
  /** Name of a bucket that is there already. @default a new one */
  readonly existingBucketName?: string;
  /** Panels of the dashboard, each "title = query" in query_string syntax, or a title alone for all. @default the processor's own, else total, bye, hello */
  readonly panels?: readonly string[];
  /** Name of the stream, 1 to 64 letters, digits, `_`, `.` or `-`. A change replaces it. @default `baseName` */
  readonly streamName?: string;
  /** Names that the stream had: its role goes on trusting them. @default none */
  readonly formerStreamNames?: pulumi.Input<readonly string[]>;
  /** Alarms are sent to this address. @default no alarms */
  readonly alarmEmail?: string;
  /**
   * Each minute a marked record is sent into the stream and looked for in the domain; an alarm tells when it does not
   * come. Wants `alarmEmail`. @default false
   */
  readonly probe?: boolean;
  /** CloudWatch log groups whose lines are sent into the stream. @default none */
  readonly logGroups?: readonly string[];
  /**
   * Buckets of logs, each as `bucket` or `bucket/prefix`, of this region and with EventBridge switched on: the records of
   * new objects are sent into the stream. @default none
   */
  readonly logBuckets?: readonly string[];
  /** ARNs of the KMS keys that objects of these buckets are encrypted with. @default none */
  readonly logBucketKeyArns?: readonly string[];
  /** Names of IAM roles that get the right to send records. @default none */
  readonly publisherRoles?: readonly string[];
  /** ARNs of IAM roles that may read the indices and the dashboards. @default the master user alone */
  readonly readerRoleArns?: readonly pulumi.Input<string>[];
  /** Roles as the domain's own login names them, that may read. @default none */
  readonly readerBackendRoles?: readonly string[];
  /** Raised to have all objects put into the domain again, 1 to 1000000. @default 1 */
  readonly objectsRevision?: number;
}
