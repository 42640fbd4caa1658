/** Where the records go: a stream that was named, the local run of this project, or the stack's stream on AWS. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { commandFolder, typedWord } from "../typed/command";
import { noLocalRun, noTarget, oneLine, severalStreams, wrongArn, wrongUsage } from "./errors";
import { isUp, type LocalRun, readLocalRun, runFile, stackOutputs } from "./runs";

export interface Target {
  readonly streamName: string;
  /** Undefined: as the SDK finds it. */
  readonly region: string | undefined;
  /** Undefined: AWS's own, or as the SDK finds it. */
  readonly endpoint?: string;
  /** Undefined: as the SDK finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Of a local run: takes failed documents into the stream's index. */
  readonly dashboard?: string;
  /** For people: `stream web at http://127.0.0.1:4573 (the local run)`. */
  readonly description: string;
}

export interface TargetOptions {
  /** Name or ARN. */
  readonly stream?: string;
  /** @default "dev" */
  readonly stack?: string;
  /** Only the local run will do. */
  readonly local?: boolean;
  /** Never the local run. */
  readonly aws?: boolean;
  /** Data folder of the local run. @default ".local/<stack>" */
  readonly data?: string;
  /** Region to use where the stream's ARN does not say. */
  readonly region?: string;
}

/** The same as it is typed: a command that goes on must not find another stream. */
export function typedTarget({ stream, stack, data, region, local, aws }: TargetOptions): string[] {
  const named = { stream, stack: stack === "dev" ? undefined : stack, data, region };
  const words = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, typedWord(value)],
  );
  return [...words, ...(local ? ["--local"] : []), ...(aws ? ["--aws"] : [])];
}

/** What finding a target asks the machine for; replaced in tests. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly projectDir: string;
  isUp(run: LocalRun): Promise<boolean>;
  stackOutputs(stack: string, projectDir: string): Promise<Record<string, unknown>>;
}

export const realSurroundings: Surroundings = {
  env: process.env,
  projectDir: commandFolder(),
  isUp,
  stackOutputs,
};

/** A server on this machine checks no key; fixed ones keep the SDK from looking for real ones. */
const localCredentials = { accessKeyId: "local", secretAccessKey: "local" };

const endpointVariable = "AWS_ENDPOINT_URL_FIREHOSE";

/** FIRST the local run if one is up and has the stream, THEN the stream that was named, THEN the stack's outputs. */
export async function resolveTarget(options: TargetOptions, around = realSurroundings): Promise<Target> {
  const stack = options.stack ?? "dev";
  const named = options.stream === undefined ? undefined : parseStream(options.stream);
  const endpoint = around.env[endpointVariable] || undefined;
  if (endpoint) webAddress(endpointVariable)(endpoint);
  const region =
    named?.region ??
    options.region ??
    (around.env["AWS_REGION"] || around.env["AWS_DEFAULT_REGION"] || stackRegion(stack, around.projectDir));
  // An ARN, and an endpoint of one's own, say where the stream is.
  const isSure = options.aws || endpoint !== undefined || named?.region !== undefined;
  if (named && !options.local && isSure)
    return elsewhere(named.name, region, endpoint, "as named", around.env);

  const file = options.aws ? undefined : runFile(options.data ?? join(around.projectDir, ".local", stack));
  if (file !== undefined) {
    const run = readLocalRun(file);
    const isMeant = run && (options.local || !named || streamsOf(run).includes(named.name));
    if (run && isMeant && (await around.isUp(run))) {
      if (!named && streamsOf(run).length > 1) throw severalStreams(streamsOf(run));
      return localTarget(run, named?.name, endpoint);
    }
    if (options.local) throw noLocalRun(file);
  }
  if (named) return elsewhere(named.name, region, endpoint, "as named", around.env);
  const found = await streamOfStack(stack, around, file);
  return elsewhere(found.name, found.region ?? region, endpoint, `of stack ${stack}`, around.env);
}

/** Takes the address of a server. @param name what it was given by */
export function webAddress(name: string): (text: string) => string {
  return (text) => {
    if (!/^https?:\/\//.test(text) || !URL.canParse(text))
      throw wrongUsage(name, text, "an address such as http://127.0.0.1:4573");
    return text;
  };
}

/** Takes an ARN apart: its region and name; a name is left as it is. */
export function parseStream(stream: string): { readonly name: string; readonly region?: string } {
  if (!stream.startsWith("arn:")) return { name: stream };
  const [, region, name] = /^arn:[\w-]+:firehose:([\w-]+):\d*:deliverystream\/([\w.-]+)$/.exec(stream) ?? [];
  if (!region || !name) throw wrongArn(stream);
  return { name, region };
}

const streamsOf = ({ streamName, streams = [streamName] }: LocalRun): readonly string[] => streams;

function localTarget(run: LocalRun, name: string | undefined, endpoint = run.firehose): Target {
  const streamName = name ?? run.streamName;
  const description = `stream ${streamName} at ${endpoint} (${endpoint === run.firehose ? "the local run" : endpointVariable})`;
  const dashboard = endpoint === run.firehose ? run.dashboard : undefined;
  return {
    streamName,
    region: run.region,
    endpoint,
    credentials: localCredentials,
    ...(dashboard && { dashboard }),
    description,
  };
}

function elsewhere(
  streamName: string,
  region: string | undefined,
  endpoint: string | undefined,
  how: string,
  env: Surroundings["env"],
): Target {
  const where = region ?? "the region of the AWS profile";
  if (!endpoint)
    return { streamName, region, description: `stream ${streamName} on AWS in ${where} (${how})` };
  const bare = isLoopback(endpoint) && !env["AWS_ACCESS_KEY_ID"] && !env["AWS_PROFILE"];
  const signedFor = region ?? "us-east-1";
  return {
    streamName,
    region: signedFor,
    endpoint,
    ...(bare && { credentials: localCredentials }),
    description: `stream ${streamName} at ${endpoint} in ${signedFor} (${endpointVariable})`,
  };
}

const isLoopback = (url: string): boolean =>
  /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(url);

async function streamOfStack(
  stack: string,
  around: Surroundings,
  file: string | undefined,
): Promise<{ name: string; region?: string }> {
  let outputs: Record<string, unknown>;
  try {
    outputs = await around.stackOutputs(stack, around.projectDir);
  } catch (error) {
    throw noTarget(stack, oneLine(error), file);
  }
  const { streamArn, streamName } = outputs;
  if (typeof streamArn === "string") return parseStream(streamArn);
  if (typeof streamName === "string") return { name: streamName };
  throw noTarget(stack, "it has no output streamName", file);
}

/** `aws:region` of the stack's configuration file. */
function stackRegion(stack: string, projectDir: string): string | undefined {
  try {
    const file = parse(readFileSync(join(projectDir, `Pulumi.${stack}.yaml`), "utf8"));
    const region: unknown = file?.config?.["aws:region"];
    return typeof region === "string" ? region : undefined;
  } catch {
    return undefined; // No such file, or not ours to judge.
  }
}
