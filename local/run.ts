/** One local run: evaluates the program, opens the data folder, starts the rooms, and stops them in order. */
import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BodyReader } from "./body-reader";
import { Queue } from "./buffer/queue";
import { systemClock } from "./clock";
import { startDashboard } from "./dashboard/server";
import { codeOf, folderInUse, folderNotWritable, portInUse, sqliteCode } from "./errors";
import { LocalPipeline } from "./pipeline";
import { evaluateApart } from "./plan/evaluate-apart";
import type { FunctionPlan, Plan, ResourceCount } from "./plan/plan";
import { connectRemote } from "./remote/connect";
import { replayDocuments } from "./replay-documents";
import type { EmbeddedIndex } from "./rooms";
import { openEmbeddedIndex } from "./search/embedded-index";
import { LambdaFunction } from "./transform/lambda-function";

export interface LocalRunOptions {
  /** Folder of Pulumi.yaml and index.ts. */
  readonly folder: string;
  readonly stack: string;
  readonly dataFolder: string;
  readonly firehosePort: number;
  readonly dashboardPort: number;
  readonly host?: string;
  /** Settings that win over the stack's file, each `key=value`. @default [] */
  readonly set?: readonly string[];
  readonly opensearch?: string;
  /** Longest time of one question to the index. @default 10 */
  readonly queryTimeoutSeconds?: number;
  /** The plan, where its evaluation has begun already. @default evaluated from folder, stack and set */
  readonly plan?: Promise<Plan>;
  log(text: string): void;
}

export interface LocalRun {
  readonly plan: Plan;
  readonly ready: {
    readonly ready: true;
    readonly firehose: string;
    readonly dashboard: string;
    readonly streamName: string;
    readonly data: string;
  };
  /** Delivers what waits for up to ten seconds, says what is left, and ends. */
  stop(): Promise<void>;
}

const drainMs = 10_000;
const hourMs = 3_600_000;

export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { folder, stack, dataFolder, log, host } = options;
  const plan = await (options.plan ?? evaluateApart({ folder, stack, set: options.set ?? [] }));
  for (const note of plan.notes) log(`note: ${note}`);
  sayWhatIsNotHere(plan, log);
  const queue = openQueue(dataFolder);
  for (const note of queue.notes) log(note);
  const index = await openEmbeddedIndex({ file: join(dataFolder, "index.sqlite"), panels: plan.panels });
  const remote = options.opensearch
    ? await connectRemote({
        url: options.opensearch,
        plan,
        ledger: index,
        clock: systemClock,
        invoke: (fn, environment, input) => invokeOnce(dataFolder, fn, environment, input),
        log,
      })
    : undefined;
  const destination = remote?.destination ?? index;
  const { indexName } = plan.stream.destination;
  const bodies = new BodyReader();
  const pipeline = new LocalPipeline({
    ...options,
    plan,
    queue,
    index,
    destination,
    bodies,
    clock: systemClock,
  });
  await pipeline.start().catch((error: unknown) => {
    throw codeOf(error) === "EADDRINUSE"
      ? portInUse("Firehose endpoint", options.firehosePort, "--firehose-port")
      : error;
  });
  const dashboard = await startDashboard({
    port: options.dashboardPort,
    ...(host === undefined ? {} : { host }),
    plan,
    searcher: remote?.searcher ?? index,
    status: () => pipeline.status(),
    recentFailures: (limit) => index.recentFailures(limit),
    ...(remote
      ? {}
      : { replay: (documents) => replayDocuments({ epoch: queue.epoch, indexName, index }, documents) }),
    ...(options.queryTimeoutSeconds === undefined
      ? {}
      : { queryTimeoutMs: options.queryTimeoutSeconds * 1000 }),
    bodies,
    bucketFolder: pipeline.bucket.folder,
    onChange: (listener) => pipeline.onChange(listener),
  }).catch((error: unknown) => {
    throw codeOf(error) === "EADDRINUSE"
      ? portInUse("Dashboard", options.dashboardPort, "--dashboard-port")
      : error;
  });
  const retention = remote ? undefined : keepRetention(plan, index, log);
  const ready = {
    ready: true,
    firehose: pipeline.firehoseUrl,
    dashboard: dashboard.url,
    streamName: plan.stream.deliveryStreamName,
    data: dataFolder,
  } as const;
  const runFile = join(dataFolder, "run.json");
  // The publisher asks the endpoint for the stream's CreateTimestamp: another run may have the port by now.
  const { createdMs } = queue;
  writeFileSync(runFile, JSON.stringify({ pid: process.pid, region: plan.region, createdMs, ...ready }));
  return {
    plan,
    ready,
    stop: async () => {
      rmSync(runFile, { force: true });
      clearInterval(retention);
      await pipeline.drain(drainMs);
      const left = pipeline.unfinished();
      if (left > 0) log(`${left} records wait in ${dataFolder}; the next start goes on with them.`);
      await dashboard.close();
      await pipeline.close();
      await index.close();
      queue.close();
    },
  };
}

/** One line for what is missing here, one for each reason why something changes nothing. */
function sayWhatIsNotHere({ notEmulated, withoutEffect }: Plan, log: (text: string) => void): void {
  const list = (counts: readonly ResourceCount[]): string =>
    counts.map(({ type, count }) => `${type} x${count}`).join(", ");
  const shortList = (counts: readonly ResourceCount[]): string =>
    list(counts.map(({ type, count }) => ({ type: type.split(":").at(-1)!, count })));
  if (notEmulated.length > 0) log(`not emulated: ${list(notEmulated)}`);
  for (const why of new Set(withoutEffect.map((one) => one.why))) {
    log(`no effect here, ${why}: ${shortList(withoutEffect.filter((one) => one.why === why))}`);
  }
}

const sqliteBusy = 5;

function openQueue(dataFolder: string): Queue {
  try {
    mkdirSync(dataFolder, { recursive: true });
    accessSync(dataFolder, constants.W_OK);
    return Queue.open({ file: join(dataFolder, "queue.sqlite") });
  } catch (error) {
    throw sqliteCode(error) === sqliteBusy ? folderInUse(dataFolder) : folderNotWritable(dataFolder, error);
  }
}

/** Calls a function of the program beside the line; what it prints goes to the logs. */
async function invokeOnce(
  dataFolder: string,
  plan: FunctionPlan,
  environment: Readonly<Record<string, string>>,
  input: string,
): ReturnType<LambdaFunction["invoke"]> {
  const logs = join(dataFolder, "logs");
  mkdirSync(logs, { recursive: true });
  const lambda = new LambdaFunction({ plan, environment, logFile: join(logs, `${plan.name}.log`) });
  try {
    return await lambda.invoke(input);
  } finally {
    await lambda.close();
  }
}

/** Drops indices that are older than the program's retention policy allows: at the start, then hourly. */
function keepRetention(
  plan: Plan,
  index: EmbeddedIndex,
  log: (text: string) => void,
): NodeJS.Timeout | undefined {
  const { indexRetentionDays } = plan;
  if (indexRetentionDays === undefined) return undefined;
  const drop = (): void => {
    index.dropIndicesCreatedBefore(Date.now() - indexRetentionDays * 24 * hourMs).then(
      (dropped) => dropped.length > 0 && log(`retention: dropped ${dropped.join(", ")}`),
      (error: unknown) => log(`retention: ${String(error)}`),
    );
  };
  drop();
  return setInterval(drop, hourMs).unref();
}
