/** Reads the delivery streams out of the resources of an evaluated program. */
import { lambdaProcessorDefaults } from "../../firehose/limits";
import { compressionFormats } from "../../firehose/s3-key";
import { functionElsewhere, noStream, notHere, twoStreams, UserError } from "../errors";
import type {
  BackupPlan,
  BucketStreamPlan,
  InvocationPlan,
  ProcessorPlan,
  SearchDestinationPlan,
  SearchStreamPlan,
  StreamPlan,
} from "./plan";
import { objectsOfStream, readIndexTemplate, readPanels, readRetentionDays } from "./read-domain-objects";
import { type Functions, isElsewhere } from "./read-functions";
import { hasWeekYear, readPrefixes } from "./read-prefixes";
import type { EvaluatedResource } from "./stand-ins";
import {
  configurationOf,
  everyConfiguration,
  type Inputs,
  processorsOf,
  streamType,
} from "./stream-configuration";

export interface ReadStreams {
  readonly streams: readonly StreamPlan[];
  /** Of streams that do not run here, and of values that mean nothing here. */
  readonly notes: readonly string[];
}

/** What streams refer to. */
export interface StreamSurroundings {
  readonly resources: readonly EvaluatedResource[];
  readonly functions: Functions;
  readonly invocations: readonly InvocationPlan[];
}

const directPut = "records that are put into it";

/** @throws UserError where no stream is left that runs here */
export function readStreams(around: StreamSurroundings): ReadStreams {
  const streams: StreamPlan[] = [];
  const notes: string[] = [];
  const reasons: string[] = [];
  const resources = around.resources.filter(({ type }) => type === streamType);
  refuseTwice(resources);
  for (const resource of resources) {
    const name: string = resource.state["name"];
    try {
      streams.push(readStream(resource, around, resources.length));
      notes.push(...notesOf(name, resource.inputs));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reasons.push(`The stream ${name} does not run here and takes no records: ${error.message}`);
    }
  }
  if (streams.length === 0) throw noStream(reasons);
  return { streams, notes: [...reasons, ...notes] };
}

/** @throws UserError where two streams have one name */
function refuseTwice(resources: readonly EvaluatedResource[]): void {
  const names = resources.map(({ state }) => state["name"] as string);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw twoStreams(
    twice,
    resources.filter((_, i) => names[i] === twice).map(({ name }) => name),
  );
}

function readStream(
  { inputs, state }: EvaluatedResource,
  around: StreamSurroundings,
  streamCount: number,
): StreamPlan {
  if (inputs["kinesisSourceConfiguration"]) throw notHere("Its source", "a Kinesis stream", directPut);
  if (inputs["mskSourceConfiguration"]) throw notHere("Its source", "a Kafka topic", directPut);
  const { kind, target } = configurationOf(inputs);
  const common = {
    deliveryStreamName: state["name"] as string,
    deliveryStreamArn: state["arn"] as string,
    deliveryStreamType: "DirectPut",
    processor: readProcessor(target, around.functions),
  } as const;
  return kind === "s3"
    ? { ...common, ...readBucketStream(target) }
    : { ...common, ...readSearchStream(inputs, target, around, streamCount) };
}

function readSearchStream(
  inputs: Inputs,
  target: Inputs,
  { resources, invocations }: StreamSurroundings,
  streamCount: number,
): Omit<SearchStreamPlan, "deliveryStreamName" | "deliveryStreamArn" | "deliveryStreamType" | "processor"> {
  const destination = readDestination(target);
  const { name, endpoint } = domainOf(target, resources);
  const own = streamCount === 1 ? invocations : objectsOfStream(invocations, destination, endpoint);
  // Earlier versions of the provider had the bucket beside the destination.
  const s3: Inputs = target["s3Configuration"] ?? inputs["s3Configuration"] ?? {};
  return {
    destination,
    backup: { ...readBucket(s3), mode: target["s3BackupMode"] ?? "FailedDocumentsOnly" },
    panels: readPanels(own),
    indexRetentionDays: readRetentionDays(own),
    indexTemplate: readIndexTemplate(own),
    domain: name,
  };
}

function readDestination(target: Inputs): SearchDestinationPlan {
  return {
    kind: "search",
    indexName: target["indexName"],
    // A serverless collection knows no rotation.
    indexRotationPeriod:
      target["indexRotationPeriod"] ?? (target["collectionEndpoint"] ? "NoRotation" : "OneDay"),
    bufferIntervalSeconds: target["bufferingInterval"] ?? 300,
    bufferSizeMiB: target["bufferingSize"] ?? 5,
    retryDurationSeconds: target["retryDuration"] ?? 300,
    documentId: target["documentIdOptions"]?.defaultDocumentIdFormat ?? "FIREHOSE_DEFAULT",
  };
}

/** The domain's name, and its host where it is a resource of the program. */
function domainOf(
  target: Inputs,
  resources: readonly EvaluatedResource[],
): { name: string; endpoint: string | undefined } {
  const address = target["domainArn"] ?? target["clusterEndpoint"] ?? target["collectionEndpoint"] ?? "";
  const resource = resources.find(({ state }) => address !== "" && state["arn"] === address);
  return { name: String(address).split("/").at(-1)!, endpoint: resource?.state["endpoint"] };
}

function readBucketStream(
  target: Inputs,
): Omit<BucketStreamPlan, "deliveryStreamName" | "deliveryStreamArn" | "deliveryStreamType" | "processor"> {
  const enabled = (name: string): boolean => target[name] !== undefined && target[name].enabled !== false;
  if (enabled("dynamicPartitioningConfiguration"))
    throw notHere("Its partitioning", "dynamic", "prefixes without partition keys");
  if (enabled("dataFormatConversionConfiguration"))
    throw notHere("Its data format", "converted", "records as they are");
  const [delimiter] = processorsOf(target).filter(({ type }) => type === "AppendDelimiterToRecord");
  const [written = "\\n"] = (delimiter?.parameters ?? []).map(({ value }) => value);
  return {
    destination: {
      ...readBucket(target),
      kind: "s3",
      fileExtension: target["fileExtension"],
      delimiter: delimiter ? written.replaceAll("\\n", "\n") : "",
    },
    backup:
      target["s3BackupMode"] === "Enabled"
        ? { ...readBucket(target["s3BackupConfiguration"] ?? {}), mode: "AllDocuments" }
        : undefined,
    panels: [],
    indexRetentionDays: undefined,
    indexTemplate: undefined,
    domain: "",
  };
}

function readBucket(s3: Inputs): Omit<BackupPlan, "mode"> {
  const compression = s3["compressionFormat"] ?? "UNCOMPRESSED";
  if (!compressionFormats.includes(compression)) {
    throw notHere("The bucket's compressionFormat", compression, compressionFormats.join(", "));
  }
  return {
    bucketName: String(s3["bucketArn"]).split(":::").at(-1)!,
    ...readPrefixes(s3),
    bufferIntervalSeconds: s3["bufferingInterval"] ?? 300,
    bufferSizeMiB: s3["bufferingSize"] ?? 5,
    compression,
  };
}

function readProcessor(target: Inputs, functions: Functions): ProcessorPlan | undefined {
  const processors = processorsOf(target);
  const known = ["Lambda", "AppendDelimiterToRecord"];
  for (const { type } of processors) {
    if (!known.includes(type)) throw notHere("A processor's type", type, known.join(", "));
  }
  const parameters = processors.find(({ type }) => type === "Lambda")?.parameters ?? [];
  const read = (name: string): string | undefined =>
    parameters.find((parameter) => parameter.name === name)?.value;
  const arn = read("LambdaArn");
  if (arn === undefined) return undefined;
  const fn = functions.get(withoutQualifier(arn));
  if (!fn) throw notHere("The transform's LambdaArn", arn, "a function of the same program");
  if (isElsewhere(fn)) throw functionElsewhere(fn.name, fn.why);
  return {
    ...fn,
    numberOfRetries: Number(read("NumberOfRetries") ?? lambdaProcessorDefaults.NumberOfRetries),
    bufferSizeMiB: Number(read("BufferSizeInMBs") ?? lambdaProcessorDefaults.BufferSizeInMBs),
    bufferIntervalSeconds: Number(
      read("BufferIntervalInSeconds") ?? lambdaProcessorDefaults.BufferIntervalInSeconds,
    ),
  };
}

/** `arn:aws:lambda:eu-west-1:111122223333:function:name:7` without its last part. */
export const withoutQualifier = (arn: string): string => arn.split(":").slice(0, 7).join(":");

/** Values that mean something else here, or nothing. */
function notesOf(name: string, inputs: Inputs): string[] {
  const notes: string[] = [];
  const zone: unknown = configurationOf(inputs).target["customTimeZone"];
  if (zone !== undefined && zone !== "UTC")
    notes.push(`The stream ${name} has keys in the time zone ${String(zone)}; here they are in UTC.`);
  if (everyConfiguration(inputs).some(hasWeekYear))
    notes.push(
      `The stream ${name} has keys with Y, the year of the week, another one on some days; here it is y.`,
    );
  return notes;
}
