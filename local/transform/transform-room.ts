/** The stream's function, as the line has it: called with a stretch of records, with an environment of this machine. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock";
import { Outcomes } from "../outcomes";
import type { ProcessorPlan, StreamPlan } from "../plan/plan";
import type { RecordBatch } from "../record-batch";
import type { ThreadMemory } from "../thread-memory";
import type { InspectorDoor } from "./inspector-door";
import { LambdaFunction } from "./lambda-function";
import { Transform, type TransformedBatch } from "./transform";

export interface TransformRoomOptions {
  readonly stream: Pick<StreamPlan, "processor" | "deliveryStreamArn">;
  readonly region: string;
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Where a debugger finds the function. @default nowhere */
  readonly door?: InspectorDoor | undefined;
  /** @default as that of a run of one stream */
  readonly memory?: ThreadMemory | undefined;
  /** Where the function puts records back into its stream. */
  readonly putAgainUrl: string;
  onTrouble(text: string | undefined): void;
}

export class TransformRoom {
  private lambda: LambdaFunction | undefined;
  private transform: Transform | undefined;
  /** What was begun last, with all its attempts. */
  private running: Promise<unknown> = Promise.resolve();
  /** Functions that were replaced, and finish what they have begun. */
  private readonly leaving = new Set<LambdaFunction>();

  constructor(private readonly options: TransformRoomOptions) {
    const { processor } = options.stream;
    if (processor) this.begin(processor);
  }

  private begin(processor: ProcessorPlan): void {
    const { stream, region, clock, onTrouble } = this.options;
    const lambda = lambdaOf(processor, this.options);
    this.lambda = lambda;
    if (this.options.door) void lambda.warm();
    this.transform = new Transform({
      processor,
      deliveryStreamArn: stream.deliveryStreamArn,
      region,
      clock,
      invoke: (records) => lambda.invokeRecords(records),
      onTrouble,
    });
  }

  /** Without a function, records go on as they came. */
  async run(records: RecordBatch): Promise<TransformedBatch> {
    if (!this.transform) return untransformed(records);
    const running = this.transform.run(records);
    this.running = running;
    return running;
  }

  /** Another function for what comes; what is under way is finished by the one that has begun it. */
  replace(processor: ProcessorPlan): void {
    const { lambda: old } = this;
    this.begin(processor);
    if (!old) return;
    this.leaving.add(old);
    const leave = async (): Promise<void> => {
      await old.close();
      this.leaving.delete(old);
    };
    this.running.then(leave, leave);
  }

  /** Ends a call that is under way. */
  async close(): Promise<void> {
    const all = [...this.leaving, ...(this.lambda ? [this.lambda] : [])];
    await Promise.all(all.map((lambda) => lambda.close()));
  }
}

function lambdaOf(
  plan: NonNullable<StreamPlan["processor"]>,
  { region, dataFolder, door, memory, putAgainUrl }: TransformRoomOptions,
): LambdaFunction {
  const logs = join(dataFolder, "logs");
  mkdirSync(logs, { recursive: true });
  return new LambdaFunction({
    plan,
    door,
    memory,
    logFile: join(logs, `${plan.name}.log`),
    environment: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      // Read by the SDK when the function puts records back into its stream.
      AWS_ENDPOINT_URL_FIREHOSE: putAgainUrl,
      // What a processor throws may quote a record; on this machine both are the same person's.
      PROCESSOR_MESSAGES: "all",
    },
  });
}

const untransformed = (records: RecordBatch): TransformedBatch => ({
  outcomes: Outcomes.unchanged(records),
  attempts: 0,
});
