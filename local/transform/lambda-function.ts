/** One function of the program, invoked synchronously as Lambda does it: own thread, time limit, size limits. */
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MessageChannel, type MessagePort, type Worker } from "node:worker_threads";
import { maxInvocationBytes } from "../../firehose/limits";
import { textOf } from "../errors";
import type { FunctionPlan } from "../plan/plan";
import { type ThreadMemory, threadMemoryOf } from "../thread-memory";
import { startTypeScriptWorker } from "../typescript-worker";
import type { InspectorDoor } from "./inspector-door";
import type { LambdaReply, LambdaRequest, LambdaWorkerData, RecordReply } from "./lambda-worker";
import { watchMemory } from "./memory-bound";
import type { RecordCall } from "./record-call";
import { limitTime } from "./time-limit";
import { type Unpacked, unpack } from "./unpack";

export interface LambdaFunctionOptions {
  readonly plan: FunctionPlan;
  /** Further variables of the function's environment, such as the local endpoint. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where a debugger finds it. @default nowhere */
  readonly door?: InspectorDoor | undefined;
  /** Of its thread, beside what the function itself may have. @default as that of a run of one stream */
  readonly memory?: ThreadMemory | undefined;
  /** File that gets what the function prints. An archive is unpacked beside its folder, in `functions/NAME`. */
  readonly logFile: string;
}

/** The longest time that Lambda allows; what a function is told to have while a debugger is connected. */
const longestSeconds = 900;

export class LambdaFunction {
  private worker: Worker | undefined;
  private closed = false;
  private ending: Promise<unknown> = Promise.resolve();
  private unpacked: Promise<Unpacked> | undefined;

  constructor(private readonly options: LambdaFunctionOptions) {}

  /**
   * Calls the function once. Never rejects: a function that throws, hangs, exits, runs out of memory or answers
   * too much gives an error, and the next call starts afresh.
   * @param event JSON text
   */
  async invoke(event: string): Promise<LambdaReply> {
    if (Buffer.byteLength(event) > maxInvocationBytes) {
      return failure(
        "RequestEntityTooLargeException",
        `The event has more than ${maxInvocationBytes} bytes.`,
      );
    }
    return (await this.invokeWith(event)) as LambdaReply;
  }

  /** The same with records, which fit an event. */
  invokeRecords(records: RecordCall): Promise<RecordReply> {
    return this.invokeWith(records);
  }

  private async invokeWith(event: LambdaRequest["event"]): Promise<RecordReply> {
    // A thread that was ended gives its memory back before the next one takes any.
    await this.ending;
    let code: LambdaWorkerData["code"];
    try {
      code = await this.code();
    } catch (error) {
      return failure("Runtime.ImportModuleError", textOf(error));
    }
    if (this.closed) return failure("Runtime.Closed", "The run has ended.");
    const reply = await this.call(event, code);
    const bytes = answerBytes(reply);
    if (bytes > maxInvocationBytes) {
      return failure(
        "Function.ResponseSizeTooLarge",
        `The answer has ${bytes} bytes, allowed are ${maxInvocationBytes}.`,
      );
    }
    return reply;
  }

  /** Starts the thread before its first call, so that a debugger finds the code. What is wrong with it, the call says. */
  async warm(): Promise<void> {
    const code = await this.code().catch(() => undefined);
    if (code === undefined || this.closed || this.worker) return;
    this.worker = this.start(code);
  }

  /** Ends a call that is under way; later ones fail. */
  async close(): Promise<void> {
    this.closed = true;
    this.options.door?.release();
    const worker = this.worker;
    this.worker = undefined;
    await worker?.terminate();
  }

  /** An archive is unpacked once; where that fails, the next call tries again. */
  private async code(): Promise<LambdaWorkerData["code"]> {
    const { plan, logFile } = this.options;
    if (typeof plan.code === "string") return plan.code;
    const { parts, programFolder } = plan.code;
    this.unpacked ??= unpack(parts, join(dirname(logFile), "../functions", plan.name));
    try {
      return { ...(await this.unpacked), runtimeFolders: [programFolder, __dirname] };
    } catch (error) {
      this.unpacked = undefined;
      throw error;
    }
  }

  private call(event: LambdaRequest["event"], code: LambdaWorkerData["code"]): Promise<RecordReply> {
    const { plan, door } = this.options;
    const { timeoutSeconds, memoryMiB } = plan;
    this.worker ??= this.start(code);
    const worker = this.worker;
    return new Promise((resolve) => {
      const end = (reply: RecordReply, keep: boolean): void => {
        stopTime();
        stopWatching();
        // Its own listeners alone: somebody may wait for the end of the thread.
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        if (!keep) {
          this.forget(worker);
          door?.release();
          this.ending = worker.terminate();
        }
        resolve(reply);
      };
      const outOfMemory = (): void =>
        end(
          failure("Runtime.OutOfMemory", `The function used more than its ${memoryMiB} MiB of memory.`),
          false,
        );
      const stopTime = limitTime(timeoutSeconds * 1000, door, () =>
        end(failure("Sandbox.Timedout", `Task timed out after ${timeoutSeconds} seconds`), false),
      );
      const stopWatching = watchMemory(worker, memoryMiB, outOfMemory);
      const onMessage = (reply: RecordReply): void => end(reply, true);
      const onError = (error: Error & { code?: string }): void => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") outOfMemory();
        else end(failure(error.name, error.message), false);
      };
      const onExit = (status: number): void =>
        end(failure("Runtime.ExitError", `Runtime exited with status ${status}`), false);
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      const request: LambdaRequest = {
        requestId: randomUUID(),
        event,
        deadlineMs: Date.now() + (door?.holdsTime ? longestSeconds : timeoutSeconds) * 1000,
      };
      worker.postMessage(request);
    });
  }

  private forget(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
  }

  private start(code: LambdaWorkerData["code"]): Worker {
    const { plan, environment = {}, memory = threadMemoryOf(1), logFile, door } = this.options;
    const told = door && tellsPort(door);
    const workerData: LambdaWorkerData = {
      code,
      handler: plan.handler,
      functionName: plan.name,
      functionArn: plan.arn,
      memoryMiB: plan.memoryMiB,
      idleMs: memory.functionIdleMs,
      logFormat: plan.logFormat,
      inspector: door && told && { tell: told, waits: door.isAwaited },
    };
    const worker = startTypeScriptWorker(join(__dirname, "lambda-worker.ts"), workerData, {
      env: {
        ...environment,
        ...plan.environment,
        AWS_LAMBDA_FUNCTION_NAME: plan.name,
        ...(typeof code === "string" ? {} : { LAMBDA_TASK_ROOT: code.root }),
        TZ: "UTC",
      },
      resourceLimits: {
        maxOldGenerationSizeMb: plan.memoryMiB,
        maxYoungGenerationSizeMb: memory.functionYoungGenerationMiB,
      },
      stdout: true,
      stderr: true,
      // Nobody is to be told the port that goes with the thread.
      ...(told && { transferList: [told], execArgv: ["--inspect-publish-uid=http"] }),
    });
    worker.unref();
    // A thread that is ended on purpose may still report an error; nobody waits for it.
    worker.on("error", () => {});
    worker.once("exit", () => this.forget(worker));
    const log = (chunk: Buffer): void => {
      try {
        appendFileSync(logFile, chunk);
      } catch {
        // Differs from AWS: what a function prints is lost while the disk is full. No record is.
      }
    };
    worker.stdout.on("data", log);
    worker.stderr.on("data", log);
    return worker;
  }
}

/** @returns what the thread tells its inspector's port to */
function tellsPort(door: InspectorDoor): MessagePort {
  const { port1: outside, port2: inside } = new MessageChannel();
  outside.once("message", (port: number) => door.leadTo(port));
  outside.unref();
  return inside;
}

function answerBytes(reply: RecordReply): number {
  if ("answer" in reply) return reply.answer.bytes;
  return "payload" in reply ? Buffer.byteLength(reply.payload) : 0;
}

const failure = (errorType: string, errorMessage: string): LambdaReply => ({ errorType, errorMessage });
