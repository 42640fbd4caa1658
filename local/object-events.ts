/** What is joined for new objects: their room, the functions that it calls, and the folders of the buckets. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BucketFolder } from "./backup/bucket-folder";
import type { Clock } from "./clock";
import { cannotOpen, sqliteCode } from "./errors";
import { ObjectsRoom, type ObjectsRoomOptions } from "./objects/objects-room";
import type { FunctionPlan, Plan } from "./plan/plan";
import { LambdaFunction } from "./transform/lambda-function";

export interface ObjectEventsOptions {
  readonly plan: Pick<Plan, "objectFunctions" | "region">;
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Where functions put records into the streams; known when they are called. */
  firehoseUrl(): string;
  log(text: string): void;
}

/**
 * Undefined where the program has no functions for objects.
 * @throws UserError where its file cannot be opened
 */
export function openObjectEvents(options: ObjectEventsOptions): ObjectsRoom | undefined {
  const { plan, dataFolder, clock, log } = options;
  if (plan.objectFunctions.length === 0) return undefined;
  const logs = join(dataFolder, "logs");
  mkdirSync(logs, { recursive: true });
  const bucketsFolder = join(dataFolder, "s3");
  try {
    return new ObjectsRoom({
      functions: plan.objectFunctions,
      region: plan.region,
      dataFolder,
      bucketsFolder,
      clock,
      put: (bucket, key, body) => {
        mkdirSync(join(bucketsFolder, bucket), { recursive: true });
        new BucketFolder(join(bucketsFolder, bucket)).put(key, body);
      },
      callable: callableIn(options, logs),
      log,
    });
  } catch (error) {
    throw sqliteCode(error) === undefined ? error : cannotOpen(join(dataFolder, "objects.sqlite"), error);
  }
}

const callableIn =
  ({ plan: { region }, firehoseUrl }: ObjectEventsOptions, logs: string): ObjectsRoomOptions["callable"] =>
  ({ function: fn, queue, failedQueue }, { url, accessKeyId }, queueUrl) =>
    new LambdaFunction({
      plan: withAddresses(fn, [queue.url, failedQueue?.url], queueUrl),
      logFile: join(logs, `${fn.name}.log`),
      environment: {
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_S3: url,
        AWS_ENDPOINT_URL_SQS: url,
        AWS_ENDPOINT_URL_FIREHOSE: firehoseUrl(),
      },
    });

/** The real addresses of queues instead of those that the program knows. */
function withAddresses(
  fn: FunctionPlan,
  urls: readonly (string | undefined)[],
  queueUrl: (url: string) => string,
): FunctionPlan {
  const environment = Object.entries(fn.environment).map(([name, value]) => [
    name,
    urls.includes(value) ? queueUrl(value) : value,
  ]);
  return { ...fn, environment: Object.fromEntries(environment) };
}
