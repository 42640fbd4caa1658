/** One local run: evaluates the program, opens the data folder, starts the rooms, and stops them in order. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BodyReader } from "./body-reader";
import { Queue } from "./buffer/queue";
import { systemClock } from "./clock";
import { startDashboard } from "./dashboard/server";
import { prepareDataFolder } from "./data-folder";
import { cannotListen, cannotOpen, folderInUse, noStream, sqliteCode } from "./errors";
import { linesOfWhatIsNotHere } from "./not-here";
import { LocalPipeline } from "./pipeline";
import { evaluateApart } from "./plan/evaluate-apart";
import { type FunctionPlan, isSearchStream, type Plan, type SearchStreamPlan } from "./plan/plan";
import { connectRemote, type Remote } from "./remote/connect";
import { replayDocuments } from "./replay-documents";
import type { EmbeddedIndex, Searcher } from "./rooms";
import { openEmbeddedIndex } from "./search/embedded-index";
import { sendCommand } from "./send-command";
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
  /** What to type in a second terminal so that records come in. */
  readonly sendCommand: string;
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

/** What has been opened, to be closed from the last to the first. */
type Opened = (() => unknown)[];

async function closeAll(opened: Opened): Promise<void> {
  while (opened.length > 0) await opened.pop()?.();
}

/** @throws UserError where the machine or the person stands in the way; nothing stays open then */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { folder, stack, log } = options;
  const plan = await (options.plan ?? evaluateApart({ folder, stack, set: options.set ?? [] }));
  for (const note of plan.notes) log(`note: ${note}`);
  for (const line of linesOfWhatIsNotHere(plan)) log(line);
  const opened: Opened = [];
  try {
    return await startRooms(options, plan, opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function startRooms(options: LocalRunOptions, plan: Plan, opened: Opened): Promise<LocalRun> {
  const { dataFolder, log, host } = options;
  const stream = plan.streams.find(isSearchStream);
  if (!stream) throw noStream(0);
  const files = await openFiles(dataFolder, stream, log, opened);
  const { queue, index } = files;
  const remote = await openRemote(options, plan, stream, index);
  const destination = remote?.destination ?? index;
  const bodies = new BodyReader();
  const pipeline = new LocalPipeline({
    ...options,
    stream,
    region: plan.region,
    queue,
    index,
    destination,
    bodies,
    clock: systemClock,
  });
  opened.push(() => pipeline.close());
  await pipeline.start().catch((error: unknown) => {
    const at = { what: "Firehose endpoint", port: options.firehosePort, flag: "--firehose-port", host };
    throw cannotListen(at, error);
  });
  const dashboard = await openDashboard(options, plan, stream, {
    ...files,
    pipeline,
    bodies,
    searcher: remote?.searcher,
  });
  opened.push(() => dashboard.close());
  const retention = remote ? undefined : keepRetention(stream, index, log);
  opened.push(() => clearInterval(retention));
  const ready = {
    ready: true,
    firehose: pipeline.firehoseUrl,
    dashboard: dashboard.url,
    streamName: stream.deliveryStreamName,
    data: dataFolder,
  } as const;
  const runFile = join(dataFolder, "run.json");
  // The publisher asks the endpoint for the stream's CreateTimestamp: another run may have the port by now.
  const { createdMs } = queue;
  writeFileSync(runFile, JSON.stringify({ pid: process.pid, region: plan.region, createdMs, ...ready }));
  return {
    plan,
    sendCommand: sendCommandOf(options, plan),
    ready,
    stop: async () => {
      rmSync(runFile, { force: true });
      await pipeline.drain(drainMs);
      const left = pipeline.unfinished();
      if (left > 0) log(`${left} records wait in ${dataFolder}; the next start goes on with them.`);
      await closeAll(opened);
    },
  };
}

interface Files {
  readonly queue: Queue;
  readonly index: EmbeddedIndex;
}

async function openFiles(
  dataFolder: string,
  stream: SearchStreamPlan,
  log: (text: string) => void,
  opened: Opened,
): Promise<Files> {
  prepareDataFolder(dataFolder);
  const queue = openQueue(dataFolder);
  opened.push(() => queue.close());
  for (const note of queue.notes) log(note);
  const index = await openIndex(dataFolder, stream);
  opened.push(() => index.close());
  return { queue, index };
}

/** Undefined: the embedded index is the destination. */
async function openRemote(
  { opensearch, dataFolder, log }: LocalRunOptions,
  plan: Plan,
  stream: SearchStreamPlan,
  ledger: EmbeddedIndex,
): Promise<Remote | undefined> {
  if (opensearch === undefined) return undefined;
  return connectRemote({
    url: opensearch,
    stream,
    objects: plan.domainObjects,
    ledger,
    clock: systemClock,
    invoke: (fn, environment, input) => invokeOnce(dataFolder, fn, environment, input),
    log,
  });
}

function openDashboard(
  options: LocalRunOptions,
  plan: Plan,
  stream: SearchStreamPlan,
  {
    queue,
    index,
    pipeline,
    bodies,
    searcher,
  }: Files & {
    readonly pipeline: LocalPipeline;
    readonly bodies: BodyReader;
    readonly searcher: Searcher | undefined;
  },
): ReturnType<typeof startDashboard> {
  const { dashboardPort: port, host, queryTimeoutSeconds } = options;
  const { indexName } = stream.destination;
  return startDashboard({
    port,
    ...(host === undefined ? {} : { host }),
    plan,
    searcher: searcher ?? index,
    status: () => pipeline.status(),
    recentFailures: (limit) => index.recentFailures(limit),
    ...(searcher
      ? {}
      : { replay: (documents) => replayDocuments({ epoch: queue.epoch, indexName, index }, documents) }),
    ...(queryTimeoutSeconds === undefined ? {} : { queryTimeoutMs: queryTimeoutSeconds * 1000 }),
    bodies,
    bucketFolder: pipeline.bucket.folder,
    send: { command: sendCommandOf(options, plan), endpoint: pipeline.firehoseUrl },
    onChange: (listener) => pipeline.onChange(listener),
  }).catch((error: unknown) => {
    throw cannotListen({ what: "Dashboard", port, flag: "--dashboard-port", host }, error);
  });
}

const sendCommandOf = (options: LocalRunOptions, { chosenProcessor }: Plan): string =>
  sendCommand({ ...options, processor: chosenProcessor });

const sqliteBusy = 5;

function openQueue(dataFolder: string): Queue {
  const file = join(dataFolder, "queue.sqlite");
  try {
    return Queue.open({ file });
  } catch (error) {
    throw sqliteCode(error) === sqliteBusy ? folderInUse(dataFolder) : cannotOpen(file, error);
  }
}

async function openIndex(
  dataFolder: string,
  { panels, indexTemplate }: SearchStreamPlan,
): Promise<EmbeddedIndex> {
  const file = join(dataFolder, "index.sqlite");
  try {
    return await openEmbeddedIndex({ file, panels, template: indexTemplate });
  } catch (error) {
    throw sqliteCode(error) === undefined ? error : cannotOpen(file, error);
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
  stream: SearchStreamPlan,
  index: EmbeddedIndex,
  log: (text: string) => void,
): NodeJS.Timeout | undefined {
  const { indexRetentionDays } = stream;
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
