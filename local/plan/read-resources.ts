/** Reads the Plan out of the resources of an evaluated program. */
import { lambdaProcessorDefaults } from "../../firehose/limits";
import { compressionFormats } from "../../firehose/s3-key";
import { functionElsewhere, noStream, notHere } from "../errors";
import { fatesOf } from "./emulation";
import type { BackupPlan, InvocationPlan, Plan, ProcessorPlan, SearchDestinationPlan } from "./plan";
import { readIndexTemplate, readPanels, readRetentionDays } from "./read-domain-objects";
import { type Functions, isElsewhere, readFunctions } from "./read-functions";
import type { EvaluatedResource } from "./stand-ins";

interface Evaluated {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  readonly resources: readonly EvaluatedResource[];
  readonly notes: readonly string[];
  /** What paths in the program are relative to. */
  readonly folder: string;
}

const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const invocationType = "aws:lambda/invocation:Invocation";

// biome-ignore lint/suspicious/noExplicitAny: the inputs of a resource, as the provider takes them
type Inputs = Record<string, any>;

export async function planOf({ project, stack, region, resources, notes, folder }: Evaluated): Promise<Plan> {
  const streams = resources.filter((r) => r.type === streamType);
  const stream = streams[0];
  const target: Inputs | undefined =
    stream?.inputs["opensearchConfiguration"] ?? stream?.inputs["elasticsearchConfiguration"];
  if (!stream || streams.length !== 1 || !target) throw noStream(streams.length);
  const functions = await readFunctions(resources, folder);
  const invocations = readInvocations(resources, functions);
  const fates = fatesOf(resources);
  return {
    project,
    stack,
    region,
    streams: [
      {
        deliveryStreamName: stream.state["name"],
        deliveryStreamArn: stream.state["arn"],
        deliveryStreamType: "DirectPut",
        destination: readDestination(target),
        processor: readProcessor(target, functions),
        backup: readBackup(target),
        panels: readPanels(invocations),
        indexRetentionDays: readRetentionDays(invocations),
        indexTemplate: readIndexTemplate(invocations),
        domain: String(target["domainArn"] ?? target["clusterEndpoint"] ?? "")
          .split("/")
          .at(-1)!,
      },
    ],
    domainObjects: invocations,
    ...fates,
    notes: [...notes, ...fates.notes],
  };
}

function readDestination(target: Inputs): SearchDestinationPlan {
  return {
    kind: "search",
    indexName: target["indexName"],
    indexRotationPeriod: target["indexRotationPeriod"] ?? "OneDay",
    bufferIntervalSeconds: target["bufferingInterval"] ?? 300,
    bufferSizeMiB: target["bufferingSize"] ?? 5,
    retryDurationSeconds: target["retryDuration"] ?? 300,
    documentId: target["documentIdOptions"]?.defaultDocumentIdFormat ?? "FIREHOSE_DEFAULT",
  };
}

function readBackup(target: Inputs): BackupPlan {
  const s3: Inputs = target["s3Configuration"];
  const compression = s3["compressionFormat"] ?? "UNCOMPRESSED";
  if (!compressionFormats.includes(compression)) {
    throw notHere("The backup's compressionFormat", compression, compressionFormats.join(", "));
  }
  return {
    bucketName: String(s3["bucketArn"]).split(":::").at(-1)!,
    mode: target["s3BackupMode"] ?? "FailedDocumentsOnly",
    prefix: s3["prefix"] ?? "",
    errorOutputPrefix: s3["errorOutputPrefix"] ?? "",
    bufferIntervalSeconds: s3["bufferingInterval"] ?? 300,
    bufferSizeMiB: s3["bufferingSize"] ?? 5,
    compression,
  };
}

function readProcessor(target: Inputs, functions: Functions): ProcessorPlan | undefined {
  const configuration: Inputs = target["processingConfiguration"] ?? {};
  const processors: Inputs[] = configuration["enabled"] === true ? (configuration["processors"] ?? []) : [];
  for (const processor of processors) {
    if (processor["type"] !== "Lambda") throw notHere("A processor's type", processor["type"], "Lambda");
  }
  const parameters: Inputs[] = processors[0]?.["parameters"] ?? [];
  const read = (name: string): string | undefined =>
    parameters.find((parameter) => parameter["parameterName"] === name)?.["parameterValue"];
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
const withoutQualifier = (arn: string): string => arn.split(":").slice(0, 7).join(":");

function readInvocations(resources: readonly EvaluatedResource[], functions: Functions): InvocationPlan[] {
  return resources
    .filter((r) => r.type === invocationType)
    .flatMap(({ name, inputs }) => {
      const [, fn] =
        [...functions].find(([arn, { name: own }]) =>
          [own, arn, withoutQualifier(arn)].includes(withoutQualifier(inputs["functionName"])),
        ) ?? [];
      return fn && !isElsewhere(fn) ? [{ name, function: fn, input: inputs["input"] }] : [];
    });
}
