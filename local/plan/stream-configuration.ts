/** Where a stream's resource has its destination: the provider has a block of its own for each kind. */
import { notHere } from "../errors";

// biome-ignore lint/suspicious/noExplicitAny: the inputs of a resource, as the provider takes them
export type Inputs = Record<string, any>;

export const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

interface Block {
  readonly name: string;
  readonly kind: "search" | "s3";
}

/** By the stream's `destination`. */
const blocks: Readonly<Record<string, Block>> = {
  opensearch: { name: "opensearchConfiguration", kind: "search" },
  elasticsearch: { name: "elasticsearchConfiguration", kind: "search" },
  opensearchserverless: { name: "opensearchserverlessConfiguration", kind: "search" },
  extended_s3: { name: "extendedS3Configuration", kind: "s3" },
  s3: { name: "s3Configuration", kind: "s3" },
};

/** @throws UserError where there is no such destination on one machine */
export function configurationOf(inputs: Inputs): { kind: Block["kind"]; target: Inputs } {
  const destination = String(inputs["destination"]);
  const block = blocks[destination];
  const target: Inputs | undefined = block && inputs[block.name];
  if (!target) throw notHere("Its destination", destination, Object.keys(blocks).join(", "));
  return { kind: block!.kind, target };
}

/** What a stream names in every block that it has, of whatever destination. */
export function everyConfiguration(inputs: Inputs): Inputs[] {
  const own = Object.entries(inputs)
    .filter(([name, value]) => name.endsWith("Configuration") && typeof value === "object")
    .map(([, value]) => value as Inputs);
  return own
    .flatMap((block) => [block, block["s3Configuration"], block["s3BackupConfiguration"]])
    .filter(Boolean);
}

export interface StreamProcessor {
  readonly type: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** None where processing is not enabled. */
export function processorsOf(target: Inputs): StreamProcessor[] {
  const configuration: Inputs = target["processingConfiguration"] ?? {};
  const processors: Inputs[] = configuration["enabled"] === true ? (configuration["processors"] ?? []) : [];
  return processors.map(({ type, parameters = [] }) => ({
    type,
    parameters: (parameters as Inputs[]).map(({ parameterName: name, parameterValue: value }) => ({
      name,
      value,
    })),
  }));
}
