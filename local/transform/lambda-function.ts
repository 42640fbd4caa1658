/** One function of the program, invoked synchronously as Lambda does it: own thread, time limit, size limits. */
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import { maxInvocationBytes } from "../../firehose/limits";
import { textOf } from "../errors";
import type { FunctionPlan } from "../plan/plan";
import { startTypeScriptWorker } from "../typescript-worker";
import type { LambdaReply, LambdaRequest, LambdaWorkerData } from "./lambda-worker";
import { watchMemory } from "./memory-bound";
import { type Unpacked, unpack } from "./unpack";

export interface LambdaFunctionOptions {
  readonly plan: FunctionPlan;
  /** Further variables of the function's environment, such as the local endpoint. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /** File that gets what the function prints. An archive is unpacked beside its folder, in `functions/NAME`. */
  readonly logFile: string;
}

const youngGenerationMiB = 32;

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
    if ("payload" in reply && Buffer.byteLength(reply.payload) > maxInvocationBytes) {
      return failure(
        "Function.ResponseSizeTooLarge",
        `The answer has ${Buffer.byteLength(reply.payload)} bytes, allowed are ${maxInvocationBytes}.`,
      );
    }
    return reply;
  }

  /** Ends a call that is under way; later ones fail. */
  async close(): Promise<void> {
    this.closed = true;
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

  private call(event: string, code: LambdaWorkerData["code"]): Promise<LambdaReply> {
    const { timeoutSeconds, memoryMiB } = this.options.plan;
    this.worker ??= this.start(code);
    const worker = this.worker;
    return new Promise((resolve) => {
      const end = (reply: LambdaReply, keep: boolean): void => {
        clearTimeout(timer);
        stopWatching();
        worker.removeAllListeners("message").removeAllListeners("error").removeAllListeners("exit");
        // A thread that is ended on purpose may still report an error; nobody waits for it.
        worker.on("error", () => {});
        const forget = (): void => {
          if (this.worker === worker) this.worker = undefined;
        };
        if (keep) worker.once("exit", forget);
        else {
          forget();
          this.ending = worker.terminate();
        }
        resolve(reply);
      };
      const outOfMemory = (): void =>
        end(
          failure("Runtime.OutOfMemory", `The function used more than its ${memoryMiB} MiB of memory.`),
          false,
        );
      const timer = setTimeout(
        () => end(failure("Sandbox.Timedout", `Task timed out after ${timeoutSeconds} seconds`), false),
        timeoutSeconds * 1000,
      );
      const stopWatching = watchMemory(worker, memoryMiB, outOfMemory);
      worker.once("message", (reply: LambdaReply) => end(reply, true));
      worker.once("error", (error: Error & { code?: string }) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") outOfMemory();
        else end(failure(error.name, error.message), false);
      });
      worker.once("exit", (code) =>
        end(failure("Runtime.ExitError", `Runtime exited with status ${code}`), false),
      );
      const request: LambdaRequest = {
        requestId: randomUUID(),
        event,
        deadlineMs: Date.now() + timeoutSeconds * 1000,
      };
      worker.postMessage(request);
    });
  }

  private start(code: LambdaWorkerData["code"]): Worker {
    const { plan, environment = {}, logFile } = this.options;
    const workerData: LambdaWorkerData = {
      code,
      handler: plan.handler,
      functionName: plan.name,
      functionArn: plan.arn,
      memoryMiB: plan.memoryMiB,
      logFormat: plan.logFormat,
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
        maxYoungGenerationSizeMb: youngGenerationMiB,
      },
      stdout: true,
      stderr: true,
    });
    worker.unref();
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

const failure = (errorType: string, errorMessage: string): LambdaReply => ({ errorType, errorMessage });
