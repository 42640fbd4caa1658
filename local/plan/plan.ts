/** The Plan: what the evaluated program asks for, typed and with units. The rooms are built from it. */
import type { IndexRotationPeriod } from "../../firehose/index-rotation";
import type { CompressionFormat } from "../../firehose/s3-key";
import type { SavedQuery } from "../rooms";

export interface Plan {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  /** The setting `processor`, as chosen; undefined where the program has no such setting. */
  readonly chosenProcessor?: string;
  /** The delivery streams that run here, in the program's order; at least one. */
  readonly streams: readonly StreamPlan[];
  /** The closures that set up the domain, in order; run only against a real OpenSearch. */
  readonly domainObjects: readonly InvocationPlan[];
  /** Functions that are called for new objects of buckets. */
  readonly objectFunctions: readonly ObjectFunctionPlan[];
  /** Functions that send a stream's probe each minute, and look for it. */
  readonly probes: readonly ProbePlan[];
  /** Types of resources that have no counterpart on one machine, with how many there are. */
  readonly notEmulated: readonly ResourceCount[];
  /** Types of resources that change nothing on one machine, with how many there are and why. */
  readonly withoutEffect: readonly (ResourceCount & { readonly why: string })[];
  /** Sentences for the person who starts it: placeholders taken, values that have no effect here. */
  readonly notes: readonly string[];
}

export interface ResourceCount {
  /** Such as `aws:cloudwatch/metricAlarm:MetricAlarm`. */
  readonly type: string;
  readonly count: number;
}

/** The body of `PUT /_index_template/NAME`, as far as an index has it. */
export interface IndexTemplatePlan {
  /** Such as `example-*`. */
  readonly indexPatterns: readonly string[];
  /** Flat keys, such as `index.mapping.total_fields.limit`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** `properties`, `dynamic_templates` and their like, as OpenSearch takes them. */
  readonly mappings: Readonly<Record<string, unknown>>;
}

/** A delivery stream: with an index or with a bucket as its destination. */
export type StreamPlan = SearchStreamPlan | BucketStreamPlan;

interface AnyStreamPlan {
  readonly deliveryStreamName: string;
  readonly deliveryStreamArn: string;
  /** "DirectPut", as DescribeDeliveryStream answers it. */
  readonly deliveryStreamType: "DirectPut";
  /** Undefined: records are delivered as they came. */
  readonly processor: ProcessorPlan | undefined;
  /** Panels of the dashboard, in their order. */
  readonly panels: readonly SavedQuery[];
  /** Days after which an index is deleted; undefined where the program has no retention policy. */
  readonly indexRetentionDays: number | undefined;
  /** What each new index begins with; undefined where the program has no index template. */
  readonly indexTemplate: IndexTemplatePlan | undefined;
  /** Name of the domain, for people and for putting streams together; empty where the destination is a bucket. */
  readonly domain: string;
}

export interface SearchStreamPlan extends AnyStreamPlan {
  readonly destination: SearchDestinationPlan;
  /** Its bucket keeps the failed records too. */
  readonly backup: BackupPlan;
}

/** Its failed records are in the bucket that is its destination. */
export interface BucketStreamPlan extends AnyStreamPlan {
  readonly destination: S3DestinationPlan;
  /** Undefined: source records are not kept. */
  readonly backup: BackupPlan | undefined;
}

export const isSearchStream = (stream: StreamPlan): stream is SearchStreamPlan =>
  stream.destination.kind === "search";

/** A bucket: objects of records as the processor left them. */
export interface S3DestinationPlan {
  readonly kind: "s3";
  readonly bucketName: string;
  readonly prefix: string;
  readonly errorOutputPrefix: string;
  /** 0 to 900. */
  readonly bufferIntervalSeconds: number;
  /** 1 to 128. */
  readonly bufferSizeMiB: number;
  readonly compression: CompressionFormat;
  /** End of the keys in place of the compression's own, such as `.json`; undefined for that. */
  readonly fileExtension: string | undefined;
  /** Put behind each record, such as a newline; empty for nothing. */
  readonly delimiter: string;
}

/** A domain of OpenSearch or Elasticsearch, or a serverless collection. */
export interface SearchDestinationPlan {
  readonly kind: "search";
  readonly indexName: string;
  readonly indexRotationPeriod: IndexRotationPeriod;
  /** 0 to 900. */
  readonly bufferIntervalSeconds: number;
  /** 1 to 100. */
  readonly bufferSizeMiB: number;
  /** 0 to 7200, the first attempt included. */
  readonly retryDurationSeconds: number;
  readonly documentId: "FIREHOSE_DEFAULT" | "NO_DOCUMENT_ID";
}

export interface ProbePlan {
  readonly deliveryStreamName: string;
  readonly sender: FunctionPlan;
  readonly finder: FunctionPlan;
}

export interface FunctionPlan {
  readonly name: string;
  readonly arn: string;
  /** What would be uploaded: the text of `__index.js` where it is that alone, else an archive. */
  readonly code: string | ArchivePlan;
  /** Name of the export, such as `handler`; in an archive with its file, such as `src/index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  /** Lines of its log as JSON, or as text. */
  readonly logFormat: "JSON" | "Text";
}

export interface ArchivePlan {
  readonly parts: readonly ArchivePart[];
  /** Folder of the program: packages that Lambda's runtime brings are looked for there. */
  readonly programFolder: string;
}

/** A part of a function's archive: where it is in the whole, and where it comes from. Paths are absolute. */
export type ArchivePart =
  | { readonly kind: "text"; readonly at: string; readonly text: string }
  | { readonly kind: "file" | "folder" | "zip" | "tar"; readonly at: string; readonly path: string };

/** Where the parts of a function's archive come from, absolute; none where it is a text alone. */
export const archivePathsOf = ({ code }: Pick<FunctionPlan, "code">): string[] =>
  typeof code === "string" ? [] : code.parts.flatMap((part) => (part.kind === "text" ? [] : [part.path]));

export interface ProcessorPlan extends FunctionPlan {
  /** Further invocations after a failed one, 0 to 300. */
  readonly numberOfRetries: number;
  /** 0.2 to 3. */
  readonly bufferSizeMiB: number;
  /** 0 to 900. */
  readonly bufferIntervalSeconds: number;
}

export interface BackupPlan {
  readonly bucketName: string;
  readonly mode: "AllDocuments" | "FailedDocumentsOnly";
  readonly prefix: string;
  readonly errorOutputPrefix: string;
  readonly bufferIntervalSeconds: number;
  readonly bufferSizeMiB: number;
  readonly compression: CompressionFormat;
}

export interface InvocationPlan {
  /** Name of the resource in the program. */
  readonly name: string;
  readonly function: FunctionPlan;
  /** JSON text of the event. */
  readonly input: string;
}

export interface QueuePlan {
  readonly arn: string;
  /** What the program calls its address. */
  readonly url: string;
}

/** EventBridge's rules for new objects -> a queue -> a function. */
export interface ObjectFunctionPlan {
  readonly function: FunctionPlan;
  /** Where new objects of which the function is told; at least one. */
  readonly sources: readonly ObjectSourcePlan[];
  readonly queue: QueuePlan;
  /** Gets what was received too often; undefined: it is thrown away when it is too old. */
  readonly failedQueue: QueuePlan | undefined;
  /** So often is a message received before it goes there. */
  readonly maxReceiveCount: number;
  /** Messages of one call, from 1. */
  readonly batchSize: number;
  /** Calls at a time. */
  readonly concurrency: number;
}

export interface ObjectSourcePlan {
  readonly bucketName: string;
  /** Start of the keys; empty for all. */
  readonly prefix: string;
}
