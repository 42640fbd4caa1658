/** Foreign SDKs as one thing: calls go in, and what the SDK made of the answers comes out. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const python = join(root, ".cache/python/bin");
const goClient = join(root, ".cache/firehose-client-go");
const javaClient = join(root, ".cache/firehose-client-java");
const rustTarget = join(root, ".cache/firehose-client-rust");
const pluginClient = join(root, ".cache/fluent-bit-client");

export interface Call {
  readonly op: "PutRecord" | "PutRecordBatch" | "DescribeDeliveryStream" | "ListDeliveryStreams";
  readonly stream?: string;
  readonly records?: readonly Buffer[];
}

export interface Answer {
  /** The error's code as the SDK read it. */
  readonly error?: string;
  /** The SDK's own type of the error. */
  readonly type?: string;
  readonly message?: string;
  /** "" for a record that was not taken. */
  readonly recordIds?: readonly string[];
  readonly failed?: number;
  readonly status?: string;
  readonly names?: readonly string[];
}

export interface ForeignClient {
  readonly name: string;
  /** The SDK's own types of these errors; a service's model has no type for a validation error. */
  readonly types: { readonly notFound: string; readonly unavailable: string; readonly validation: string };
  /** A batch can have no bytes that are not UTF-8. */
  readonly batchesAreText?: boolean;
  /** Why it cannot run here; undefined where it can. */
  missing(): string | undefined;
  prepare?(): void;
  /** @param set further environment variables, or others than those of {@link environment} */
  send(endpoint: string, calls: readonly Call[], set?: Environment): Promise<Answer[]>;
  /** It takes credentials from the environment. */
  readonly hasChain?: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const environment: Environment = {
  AWS_ACCESS_KEY_ID: "a",
  AWS_SECRET_ACCESS_KEY: "b",
  AWS_DEFAULT_REGION: "eu-west-1",
  AWS_REGION: "eu-west-1",
  AWS_MAX_ATTEMPTS: "1",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

function run(
  command: string,
  args: readonly string[],
  input: string,
  set: Environment = {},
): Promise<[out: string, err: string]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...environment, ...set } });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.once("error", reject);
    child.once("close", () => resolve([out, err]));
    child.stdin.end(input);
  });
}

const jsonOf = ({ op, stream, records = [] }: Call): string =>
  JSON.stringify({ op, stream, records: records.map((record) => record.toString("base64")) });

/** A program that reads calls and writes answers, a line of JSON each. */
const byLines =
  (command: string, ...args: string[]): ForeignClient["send"] =>
  async (endpoint, calls, set) => {
    const input = calls.map((one) => `${jsonOf(one)}\n`).join("");
    const [out, err] = await run(command, [...args, endpoint], input, set);
    const answers = out.split("\n").filter((line) => line !== "");
    if (answers.length !== calls.length) throw new Error(`${answers.length} answers: ${err}`);
    return answers.map((line) => JSON.parse(line) as Answer);
  };

const inPython = (file: string) => (): string | undefined =>
  existsSync(join(python, file)) ? undefined : "no .cache/python (bash test/real/install.sh makes it)";

const boto3: ForeignClient = {
  name: "boto3",
  types: {
    notFound: "ResourceNotFoundException",
    unavailable: "ServiceUnavailableException",
    validation: "ClientError",
  },
  hasChain: true,
  missing: inPython("python3"),
  send: byLines(join(python, "python3"), join(__dirname, "python/boto.py")),
};

/** `aws firehose put-record-batch` and so on. Version 1 takes the data of a batch as text only. */
const awsCli: ForeignClient = {
  name: "the AWS CLI",
  // It has no types: it names the code in its message.
  types: {
    notFound: "ResourceNotFoundException",
    unavailable: "ServiceUnavailableException",
    validation: "ValidationException",
  },
  batchesAreText: true,
  hasChain: true,
  missing: inPython("aws"),
  send: async (endpoint, calls, set) => {
    const folder = mkdtempSync(join(tmpdir(), "aws-cli-"));
    try {
      const answers: Answer[] = [];
      for (const { op, stream, records = [] } of calls) {
        const file = join(folder, "data");
        if (op === "PutRecord") writeFileSync(file, records[0]!);
        else
          writeFileSync(file, JSON.stringify(records.map((record) => ({ Data: record.toString("utf8") }))));
        const command = op.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
        const flags = ["--endpoint-url", endpoint, "--output", "json"];
        if (stream !== undefined) flags.push("--delivery-stream-name", stream);
        if (op === "PutRecord") flags.push("--record", `Data@=fileb://${file}`);
        if (op === "PutRecordBatch") flags.push("--records", `file://${file}`);
        answers.push(
          cliAnswer(...(await run(join(python, "aws"), ["firehose", command, ...flags], "", set))),
        );
      }
      return answers;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function cliAnswer(out: string, err: string): Answer {
  const [, error, message] =
    /An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)/s.exec(err) ?? [];
  if (error !== undefined) return { error, type: error, message: message!.trim() };
  if (out === "") throw new Error(err);
  const got = JSON.parse(out);
  const description = got.DeliveryStreamDescription;
  return {
    recordIds: got.RecordId
      ? [got.RecordId]
      : got.RequestResponses?.map((one: { RecordId?: string }) => one.RecordId ?? ""),
    failed: got.FailedPutCount,
    status: description?.DeliveryStreamStatus,
    names: description ? [description.DeliveryStreamName] : got.DeliveryStreamNames,
  };
}

const notThere = (command: string, where: string): string | undefined =>
  spawnSync(command, ["version"]).error ? `no ${command} on the PATH (${where})` : undefined;

/** Compiles what is in a folder beside this file into `.cache`, which keeps it. */
const build = (folder: string, command: string, args: readonly string[], set: Environment = {}): void => {
  const env = { ...process.env, ...set };
  execFileSync(command, args, { cwd: join(__dirname, folder), env, stdio: "pipe" });
};

const go: ForeignClient = {
  name: "the SDK for Go",
  types: {
    notFound: "*types.ResourceNotFoundException",
    unavailable: "*types.ServiceUnavailableException",
    validation: "*smithy.GenericAPIError",
  },
  missing: () => notThere("go", "Debian's package golang-go"),
  prepare: () => build("go", "go", ["build", "-o", goClient, "."]),
  send: byLines(goClient),
};

const java: ForeignClient = {
  name: "the SDK for Java",
  types: {
    notFound: "ResourceNotFoundException",
    unavailable: "ServiceUnavailableException",
    validation: "FirehoseException",
  },
  hasChain: true,
  missing: () => notThere("mvn", "Debian's package maven"),
  prepare: () => build("java", "mvn", ["-q", "-B", "compile"]),
  send: byLines(
    "java",
    "-XX:TieredStopAtLevel=1",
    "-cp",
    `${javaClient}/classes:${javaClient}/lib/*`,
    "Client",
  ),
};

const rust: ForeignClient = {
  name: "the SDK for Rust",
  types: {
    notFound: "ResourceNotFoundException",
    unavailable: "ServiceUnavailableException",
    validation: "Unhandled",
  },
  missing: () => notThere("cargo", "rustup brings it; Debian's is too old"),
  prepare: () => build("rust", "cargo", ["build", "--quiet", "--locked"], { CARGO_TARGET_DIR: rustTarget }),
  send: byLines(join(rustTarget, "debug/firehose-client")),
};

const javaScript: ForeignClient = {
  name: "the SDK for JavaScript",
  types: {
    notFound: "ResourceNotFoundException",
    unavailable: "ServiceUnavailableException",
    validation: "FirehoseServiceException",
  },
  hasChain: true,
  missing: () => undefined,
  send: byLines(process.execPath, join(__dirname, "javascript/client.cjs")),
};

/** The older plugin of Fluent Bit, which is written in Go. */
export const fluentBitPlugin = {
  missing: go.missing,
  prepare: (): void => build("fluent-bit", "go", ["build", "-o", pluginClient, "."]),
  /** Sends `{"log":"line N"}` as records of their own or joined; resolves to how often it had the chunk. */
  send: async (endpoint: string, count: number, how: "apart" | "joined"): Promise<number> => {
    const [out, err] = await run(pluginClient, [endpoint, String(count), how], "");
    if (out.trim() === "") throw new Error(err);
    return Number(out);
  },
};

export const foreignClients: readonly ForeignClient[] = [boto3, awsCli, javaScript, go, java, rust];
