/** The stream's function, as the line has it: called with a stretch of records, with an environment of this machine. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock";
import type { StreamPlan } from "../plan/plan";
import type { RecordBatch } from "../record-batch";
import { LambdaFunction } from "./lambda-function";
import { Transform, type TransformedBatch } from "./transform";

export interface TransformRoomOptions {
  readonly stream: Pick<StreamPlan, "processor" | "deliveryStreamArn">;
  readonly region: string;
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Where the function puts records back into its stream. */
  readonly putAgainUrl: string;
  onTrouble(text: string | undefined): void;
}

export class TransformRoom {
  private readonly lambda: LambdaFunction | undefined;
  private readonly transform: Transform | undefined;

  constructor(options: TransformRoomOptions) {
    const { stream, region, clock, onTrouble } = options;
    const { processor, deliveryStreamArn } = stream;
    if (!processor) return;
    const lambda = lambdaOf(processor, options);
    this.lambda = lambda;
    this.transform = new Transform({
      processor,
      deliveryStreamArn,
      region,
      clock,
      invoke: (event) => lambda.invoke(event),
      onTrouble,
    });
  }

  /** Without a function, records go on as they came. */
  run(records: RecordBatch): Promise<TransformedBatch> {
    return this.transform ? this.transform.run(records) : Promise.resolve(untransformed(records));
  }

  /** Ends a call that is under way. */
  async close(): Promise<void> {
    await this.lambda?.close();
  }
}

function lambdaOf(
  plan: NonNullable<StreamPlan["processor"]>,
  { region, dataFolder, putAgainUrl }: TransformRoomOptions,
): LambdaFunction {
  const logs = join(dataFolder, "logs");
  mkdirSync(logs, { recursive: true });
  return new LambdaFunction({
    plan,
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
  outcomes: records.arrivalsMs.map((_, i) => ({ kind: "ok" as const, data: records.base64(i) })),
  attempts: 0,
});
