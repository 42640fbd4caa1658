/** Evaluates the program in this process as the engine would, and hands out what it asked for. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

// biome-ignore lint/suspicious/noExplicitAny: the inputs of a resource have the shape of its type
export type Inputs = Record<string, any>;

export interface Evaluated {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Secrets as what they hide. */
  readonly inputs: Inputs;
  /** Inputs that are secret, or have a secret in them. */
  readonly secretInputs: readonly string[];
  /** Names of the resources that are created before. */
  readonly after: readonly string[];
  readonly options: Options;
}

interface Options {
  readonly protect: boolean;
  readonly createTimeout: string;
  readonly deletedWith: string;
  readonly deleteBeforeReplace: boolean;
  readonly deleteBeforeReplaceDefined: boolean;
  readonly retainOnDelete: boolean;
  /** URN and id of the provider; empty: the one that the engine makes of the configuration. */
  readonly provider: string;
}

/** How Pulumi marks a secret on its way to the engine. */
const secretMark = "4dabf18193072939515e22adb298388d";

export interface Evaluation {
  readonly resources: readonly Evaluated[];
  readonly outputs: Inputs;
  /** Names of the outputs that are secret. */
  readonly secretOutputs: readonly string[];
  /** The one resource of this type, or of this type whose name ends so. */
  one(type: string, nameEnd?: string): Evaluated;
  all(type: string): readonly Evaluated[];
  /** Text of every file in the archive of the function whose name ends so. */
  archive(nameEnd: string): Promise<Record<string, string>>;
}

export const project = "firehose-opensearch";
export const accountId = "111122223333";
const root = join(__dirname, "../..");

const evaluations = new Map<string, Promise<Evaluation>>();

/** As {@link evaluateAnew}, but once for each configuration: an evaluation takes a second. */
export function evaluate(values: Inputs = {}, stack = "dev", region = "eu-west-1"): Promise<Evaluation> {
  const key = JSON.stringify([values, stack, region]);
  const evaluation = evaluations.get(key) ?? evaluateAnew(values, stack, region);
  evaluations.set(key, evaluation);
  return evaluation;
}

/**
 * @param values configuration without its namespace; `secret:` before a key makes it a secret
 * @param program makes the resources, and hands out outputs; index.ts where none is given
 */
export async function evaluateAnew(
  values: Inputs = {},
  stack = "dev",
  region = "eu-west-1",
  program: () => Inputs | Promise<Inputs> = runIndex,
  isPreview = false,
): Promise<Evaluation> {
  const config: Record<string, string> = { "aws:region": region };
  const secrets: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const full = `${project}:${key.replace(/^secret:/, "")}`;
    config[full] = typeof value === "string" ? value : JSON.stringify(value);
    if (key.startsWith("secret:")) secrets.push(full);
  }
  const resources: Evaluated[] = [];
  const registered: Registered = {};
  pulumi.runtime.setAllConfig(config, secrets);
  await pulumi.runtime.setMocks(recorder(resources, region), project, stack, isPreview);
  watchRegistrations(registered);
  const { outputs, secretOutputs } = await runToEnd(program);
  return view(
    resources.map((resource) => {
      const { urn, dependencies, options } = registered[`${resource.type} ${resource.name}`]!;
      return { ...resource, urn, after: dependencies.map((other) => other.split("::").at(-1)!), options };
    }),
    outputs,
    secretOutputs,
  );
}

function view(
  resources: readonly Evaluated[],
  outputs: Inputs,
  secretOutputs: readonly string[],
): Evaluation {
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  const one = (type: string, nameEnd = ""): Evaluated => {
    const found = all(type).filter(({ name }) => name.endsWith(nameEnd));
    if (found.length !== 1) throw new Error(`${found.length} resources ${type} ${nameEnd}`);
    return found[0]!;
  };
  const archive = async (nameEnd: string) => {
    const assets: Record<string, { text?: Promise<string>; path?: Promise<string> }> = await one(
      "aws:lambda/function:Function",
      nameEnd,
    ).inputs["code"].assets;
    const files: Record<string, string> = {};
    for (const [file, asset] of Object.entries(assets))
      files[file] = (await asset.text) ?? String(await asset.path);
    return files;
  };
  return { resources, outputs, secretOutputs, all, one, archive };
}

function recorder(resources: Evaluated[], region: string): pulumi.runtime.Mocks {
  return {
    newResource: ({ type, name, inputs }) => {
      const secretInputs = Object.keys(inputs).filter((key) =>
        JSON.stringify(inputs[key]).includes(secretMark),
      );
      resources.push({ type, name, inputs: unwrap(inputs), secretInputs } as unknown as Evaluated);
      return { id: `${name}-id`, state: { ...inputs, ...stateOf(type, name, inputs, region) } };
    },
    call: ({ token, inputs, provider }) => {
      if (token === "aws:index/getCallerIdentity:getCallerIdentity") return { accountId };
      if (token === "aws:index/getRegion:getRegion") {
        const asked = resources.find(
          ({ type, name }) => type === "pulumi:providers:aws" && provider?.includes(`::${name}::`),
        );
        return { region: asked?.inputs["region"] ?? region };
      }
      if (token === "aws:index/getPartition:getPartition") return { partition: partitionOf(region) };
      const known = logBucketAnswers[token]?.(inputs["bucket"] ?? inputs["identifier"], region);
      if (known) return known;
      throw new Error(`The program must not ask ${token} while it is evaluated.`);
    },
  };
}

const refuses = (details: string): never => {
  // Pulumi hands on the details alone.
  throw Object.assign(new Error(), { details });
};

/** What AWS says of a log bucket, by its name: those of tests that say more than `trail` have something wrong. */
const logBucketAnswers: Readonly<Record<string, (bucket: string, region: string) => Inputs>> = {
  "aws:s3/getBucket:getBucket": (bucket, region) =>
    bucket === "gone"
      ? refuses("couldn't find resource")
      : { bucketRegion: bucket === "far" ? "us-east-2" : region },
  "aws:s3/getBucketNotification:getBucketNotification": (bucket) => ({ eventbridge: bucket !== "silent" }),
  "aws:cloudcontrol/getResource:getResource": (bucket) => {
    if (bucket === "closed") refuses("AccessDeniedException");
    const own = { LoggingConfiguration: { DestinationBucketName: bucket, LogFilePrefix: "access/" } };
    return { properties: JSON.stringify(bucket === "own-logs" ? own : {}) };
  },
};

/** Archives stay as they are: their text arrives later. */
function unwrap(value: Inputs): Inputs {
  if (typeof value !== "object" || value === null || value["assets"]) return value;
  if (value[secretMark] !== undefined) return unwrap(value["value"]);
  if (Array.isArray(value)) return value.map(unwrap);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
}

const partitionOf = (region: string) => (region.startsWith("cn-") ? "aws-cn" : "aws");

function stateOf(type: string, name: string, inputs: Inputs, region: string): Inputs {
  const physical: string = inputs["name"] ?? inputs["domainName"] ?? inputs["bucket"] ?? `${name}-1a2b3c4`;
  const arn = (service: string, resource: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
  switch (type) {
    case "aws:s3/bucket:Bucket":
      return { bucket: physical, arn: `arn:${partitionOf(region)}:s3:::${physical}` };
    case "aws:opensearch/domain:Domain":
      return {
        arn: arn("es", `domain/${physical}`),
        endpoint: `search-${physical}.${region}.es.amazonaws.com`,
      };
    case "aws:lambda/function:Function":
      return {
        name: physical,
        arn: arn("lambda", `function:${physical}`),
        qualifiedArn: arn("lambda", `function:${physical}:1`),
      };
    case "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream":
      return { arn: arn("firehose", `deliverystream/${physical}`) };
    case "aws:cloudwatch/logGroup:LogGroup":
      return { arn: arn("logs", `log-group:${physical}`) };
    case "aws:cloudwatch/logStream:LogStream":
      return { arn: arn("logs", `log-group:${inputs["logGroupName"]}:log-stream:${physical}`) };
    case "random:index/randomPassword:RandomPassword":
      return { result: masterPassword };
    case "aws:iam/role:Role":
      return { name: physical, arn: `arn:${partitionOf(region)}:iam::${accountId}:role/${physical}` };
    default:
      return { name: physical, arn: arn(type.split(/[:/]/)[1]!, physical) };
  }
}

/** What the stand-in for the random provider answers: must not be found anywhere but in secrets. */
export const masterPassword = "Stand-in_Master.Password~1";

type Registered = Record<string, { urn: string; dependencies: string[]; options: Options }>;

/** The mocks see inputs only; what a resource waits for is in the request to the engine, its URN in the answer. */
function watchRegistrations(registered: Registered) {
  // biome-ignore lint/suspicious/noExplicitAny: the monitor is not part of Pulumi's public types
  const monitor = (pulumi.runtime as any).getMonitor();
  const register = monitor.registerResource.bind(monitor);
  // biome-ignore lint/suspicious/noExplicitAny: a protobuf request
  monitor.registerResource = (request: any, callback: any) => {
    const known = {
      urn: "",
      dependencies: request.getDependenciesList(),
      options: {
        protect: request.getProtect() === true,
        createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
        deletedWith: request.getDeletedwith(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        deleteBeforeReplaceDefined: request.getDeletebeforereplacedefined(),
        retainOnDelete: request.getRetainondelete() === true,
        provider: request.getProvider(),
      },
    };
    registered[`${request.getType()} ${request.getName()}`] = known;
    // biome-ignore lint/suspicious/noExplicitAny: a protobuf answer
    return register(request, (error: unknown, answer: any) => {
      known.urn = answer?.getUrn() ?? "";
      callback(error, answer);
    });
  };
}

/** Pulumi reads the whole tree of node_modules for each function's archive: half the time of an evaluation. */
function readPackagesOnce(): void {
  const { Arborist } = createRequire(require.resolve("@pulumi/pulumi"))("@npmcli/arborist");
  const { loadActual } = Arborist.prototype;
  const trees = new Map<string, unknown>();
  Arborist.prototype.loadActual = function (this: { path: string }) {
    const tree = trees.get(this.path) ?? loadActual.call(this);
    trees.set(this.path, tree);
    return tree;
  };
}
readPackagesOnce();

/** Pulumi notes where each resource and each promise was made, for those who look for one: a tenth of an evaluation. */
function noteNoPlaces(): void {
  const debuggable = createRequire(require.resolve("@pulumi/pulumi"))("./runtime/debuggable");
  debuggable.debuggablePromise = (promise: Promise<unknown>) => promise;
  (pulumi.Resource as unknown as { callsites: () => unknown[] }).callsites = () => [];
}
noteNoPlaces();

/** As `evaluateAnew`, for a program of the test's own. */
export const evaluateProgram = (program: () => unknown): Promise<Evaluation> =>
  evaluateAnew({}, "dev", "eu-west-1", () => (program() ?? {}) as Inputs);

/** As {@link evaluateProgram}, below the resource of a stack, as Pulumi runs a program; it hands out nothing. */
export const evaluateInStack = (program: () => unknown): Promise<Evaluation> =>
  evaluateAnew({}, "dev", "eu-west-1", async () => {
    await pulumi.runtime.runInPulumiStack(async () => void program());
    return {};
  });

/** Runs index.ts anew. Its modules stay loaded: they hold nothing of a run, and compiling them takes a second. */
function runIndex(): Inputs {
  const file = join(root, "index.ts");
  delete require.cache[file];
  return require(file);
}

async function runToEnd(
  program: () => Inputs | Promise<Inputs>,
): Promise<{ outputs: Inputs; secretOutputs: string[] }> {
  const outputs: Inputs = {};
  const secretOutputs: string[] = [];
  // What fails within an output surfaces so, as it does under the engine.
  const failures: unknown[] = [];
  const fail = (error: unknown): void => void failures.push(error);
  process.on("unhandledRejection", fail);
  try {
    const exported = await program();
    await Promise.all(
      Object.entries(exported).map(async ([key, value]) => {
        outputs[key] = await new Promise((resolve) => pulumi.output(value).apply(resolve));
        if (await pulumi.isSecret(pulumi.output(value))) secretOutputs.push(key);
      }),
    );
    await pulumi.runtime.disconnect();
    // Node tells of what nobody handled a turn later.
    await new Promise((turn) => setImmediate(turn));
  } finally {
    process.off("unhandledRejection", fail);
  }
  if (failures.length > 0) throw failures[0];
  return { outputs, secretOutputs };
}

/** The message of the error that the program stops with. */
export async function problemsOf(values: Inputs): Promise<string> {
  try {
    await evaluate(values);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The program accepted the configuration.");
}

export const readRoot = (file: string): string => readFileSync(join(root, file), "utf8");
