/** Runs in a worker thread: loads the text of one function as Lambda's Node runtime would, and calls it. */
import Module, { isBuiltin } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { boundUnpacking } from "./bounded-zlib";
import { type LogFormat, patchConsole } from "./lambda-console";
import { reasonsMark } from "./reasons";

export interface LambdaWorkerData {
  readonly code: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMiB: number;
  readonly logFormat: LogFormat;
}

export interface LambdaRequest {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  readonly deadlineMs: number;
}

/** What a synchronous invocation gives back: JSON text, or the error as Lambda words it. */
export type LambdaReply =
  | {
      readonly payload: string;
      /** Lines of the function's log that say why records have failed. */
      readonly reasons?: readonly string[];
    }
  | { readonly errorType: string; readonly errorMessage: string };

const { data } = workerData as { data: LambdaWorkerData };

// biome-ignore lint/suspicious/noExplicitAny: the handler is foreign code
type Handler = (event: unknown, context: unknown) => any;

/** Only what Lambda's runtime brings may be required: Node's own modules and the AWS SDK v3. */
function load(): Handler {
  const file = "/var/task/__index.js";
  // biome-ignore lint/suspicious/noExplicitAny: _compile is what require itself calls
  const module = new Module(file) as any;
  module.filename = file;
  module.require = (name: string): unknown => {
    if (isBuiltin(name) || name.startsWith("@aws-sdk/")) return require(name);
    throw new Error(`Cannot find module '${name}': the function's archive holds its own text alone.`);
  };
  module._compile(data.code, file);
  const handler: unknown = module.exports[data.handler];
  if (typeof handler !== "function")
    throw new Error(`Runtime.HandlerNotFound: __index.${data.handler} is not a function`);
  return handler as Handler;
}

boundUnpacking(data.memoryMiB * 1024 * 1024);
let requestId = "";
let reasons: string[] = [];
patchConsole(
  data.logFormat,
  () => requestId,
  (line) => {
    if (line.includes(reasonsMark)) reasons.push(line);
  },
);
const handler = load();

async function call({ event, deadlineMs, ...request }: LambdaRequest): Promise<LambdaReply> {
  requestId = request.requestId;
  reasons = [];
  try {
    const context = {
      awsRequestId: requestId,
      functionName: data.functionName,
      invokedFunctionArn: data.functionArn,
      memoryLimitInMB: String(data.memoryMiB),
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    };
    const answer: unknown = await handler(JSON.parse(event), context);
    const payload = JSON.stringify(answer) ?? "null";
    return reasons.length > 0 ? { payload, reasons } : { payload };
  } catch (error) {
    if (!(error instanceof Error)) return { errorType: "Error", errorMessage: String(error) };
    return { errorType: error.name, errorMessage: error.message };
  }
}

parentPort!.on("message", (request: LambdaRequest) => {
  void call(request).then((reply) => parentPort!.postMessage(reply));
});
