/** Runs in a worker thread: loads the code of one function as Lambda's Node runtime would, and calls it. */
import inspector from "node:inspector";
import Module, { isBuiltin } from "node:module";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { IdleMemory } from "../idle-memory";
import { boundUnpacking } from "./bounded-zlib";
import { type LogFormat, patchConsole } from "./lambda-console";
import { type ArchiveSource, loadHandler } from "./load-archive";
import { reasonsMark } from "./reasons";
import { eventOf, packAnswer, type RecordAnswer, type RecordCall, recordIdsOf } from "./record-call";

export interface LambdaWorkerData {
  /** The text of `__index.js`, or the folder that the archive lies in. */
  readonly code: string | ArchiveSource;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMiB: number;
  /** So many milliseconds after a call, what it has left behind is given back. */
  readonly idleMs: number;
  readonly logFormat: LogFormat;
  /** For a debugger: who is told the port, and whether the code is loaded when one has come. */
  readonly inspector: { readonly tell: MessagePort; readonly waits: boolean } | undefined;
}

export interface LambdaRequest {
  readonly requestId: string;
  /** JSON text, or records that the event is made of. */
  readonly event: string | RecordCall;
  readonly deadlineMs: number;
}

interface Said {
  /** Lines of the function's log that say why records have failed. */
  readonly reasons?: readonly string[];
}

/** What a synchronous invocation gives back: JSON text, or the error as Lambda words it. */
export type LambdaReply =
  | (Said & { readonly payload: string })
  | { readonly errorType: string; readonly errorMessage: string };

/** The same of a call with records. */
export type RecordReply = LambdaReply | (Said & { readonly answer: RecordAnswer });

const { data } = workerData as { data: LambdaWorkerData };

type Callback = (error: unknown, answer?: unknown) => void;
type Handler = (event: unknown, context: unknown, callback: Callback) => unknown;

async function load(): Promise<Handler> {
  const { code, handler } = data;
  const found = typeof code === "string" ? loadText(code)[handler] : await loadHandler(code, handler);
  if (typeof found !== "function") {
    const name = typeof code === "string" ? `__index.${handler}` : handler;
    throw new Error(`Runtime.HandlerNotFound: ${name} is not a function`);
  }
  return found as Handler;
}

/** Only what Lambda's runtime brings may be required: Node's own modules and the AWS SDK v3. */
function loadText(code: string): Record<string, unknown> {
  const file = "/var/task/__index.js";
  // biome-ignore lint/suspicious/noExplicitAny: _compile is what require itself calls
  const module = new Module(file) as any;
  module.filename = file;
  module.require = (name: string): unknown => {
    if (isBuiltin(name) || name.startsWith("@aws-sdk/")) return require(name);
    throw new Error(`Cannot find module '${name}': the function's archive holds its own text alone.`);
  };
  module._compile(code, file);
  return module.exports as Record<string, unknown>;
}

function letDebuggersIn({ tell, waits }: NonNullable<LambdaWorkerData["inspector"]>): void {
  inspector.open(0, "127.0.0.1");
  tell.postMessage(Number(new URL(inspector.url()!).port));
  if (waits) inspector.waitForDebugger();
}

if (data.inspector) letDebuggersIn(data.inspector);
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
// What fails while it is loaded ends the thread, and the call that waits for it.
const loading = load();

/** A function of three parameters may answer by the third; every other one by its promise. */
function answerOf(handler: Handler, event: unknown, context: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const answer = handler(event, context, (error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    });
    const isPromise = typeof (answer as PromiseLike<unknown> | undefined)?.then === "function";
    if (isPromise || handler.length < 3) resolve(answer);
  });
}

async function call({ event, deadlineMs, ...request }: LambdaRequest): Promise<RecordReply> {
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
    const ids = typeof event === "string" ? [] : recordIdsOf(event);
    const given = typeof event === "string" ? JSON.parse(event) : eventOf(event, ids);
    const answer = await answerOf(await loading, given, context);
    const said: Said = reasons.length > 0 ? { reasons } : {};
    const packed = typeof event === "string" ? undefined : packAnswer(answer, ids);
    if (packed !== undefined) return { answer: packed, ...said };
    return { payload: JSON.stringify(answer) ?? "null", ...said };
  } catch (error) {
    if (!(error instanceof Error)) return { errorType: "Error", errorMessage: String(error) };
    return { errorType: error.name, errorMessage: error.message };
  }
}

const idleMemory = new IdleMemory(data.idleMs);

parentPort!.on("message", (request: LambdaRequest) => {
  void call(request).then((reply) => {
    const { kinds, ends, body } = "answer" in reply ? reply.answer : {};
    const memory = [kinds, ends, body].flatMap((column) => (column ? [column.buffer as ArrayBuffer] : []));
    parentPort!.postMessage(reply, memory);
    idleMemory.worked();
  });
});
