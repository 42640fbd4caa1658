/** One local run: takes the plan of a program, opens the data folder, starts the streams, and stops them in order. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BodyReader } from "./body-reader";
import { systemClock } from "./clock";
import { type DashboardOptions, startDashboard } from "./dashboard/server";
import { chartsOfAll, dashboardStream } from "./dashboard-stream";
import { cannotListen } from "./errors";
import { type InspectOptions, openDoors } from "./inspection";
import { invokeOnce } from "./invoke-once";
import { linesOfWhatIsNotHere } from "./not-here";
import { openObjectEvents } from "./object-events";
import { type StartedProbes, startProbes } from "./open-probes";
import { openSearchApi } from "./open-search-api";
import { logOf, openStreams, type StreamFiles } from "./open-stream";
import { closeAll, type Opened } from "./opened";
import { LocalPipeline } from "./pipeline";
import { isSearchStream, type Plan, type StreamPlan } from "./plan/plan";
import { Reload } from "./reload";
import { connectRemote, type Remote } from "./remote/connect";
import { keepRetention } from "./retention";
import { sendCommand } from "./send-command";
import type { Settling } from "./settling";
import { LocalStreams, type RunningStream } from "./streams";
import type { RunFaults } from "./test-faults";
import { threadMemoryOf } from "./thread-memory";
import type { InspectorDoor } from "./transform/inspector-door";

export interface LocalRunOptions {
  /** Of the program; it may still be evaluated. */
  readonly plan: Promise<Plan>;
  readonly stack: string;
  readonly dataFolder: string;
  readonly firehosePort: number;
  readonly dashboardPort: number;
  /** Of the search API. @default 9200 where it is free, else any */
  readonly searchPort?: number;
  readonly host?: string;
  readonly opensearch?: string;
  /** Longest time of one question to the index. @default 10 */
  readonly queryTimeoutSeconds?: number;
  /** Whether the program's probes are sent. @default false: whoever counts finds the own records alone */
  readonly probe?: boolean;
  /** Lets debuggers in to the functions; the plan is to have source maps then. @default nobody is let in */
  readonly inspect?: InspectOptions | undefined;
  /** What a test lets happen to the run. @default none */
  readonly faults?: RunFaults;
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
    /** Address of the search API; with a real OpenSearch there is none, as that has its own. */
    readonly search?: string;
    /** The first one. */
    readonly streamName: string;
    /** All of them, in the program's order. */
    readonly streams: readonly string[];
    readonly data: string;
  };
  /**
   * Takes over what a changed program has for functions.
   * @param changed paths of files that have changed
   * @returns sentences on what is other now, and on what will be at the next start
   */
  reload(plan: Plan, changed: readonly string[]): string[];
  /** From now on what comes and what waits is delivered without regard to the buffering intervals. */
  deliverAtOnce(): void;
  /** What runs, by the name of its stream. */
  readonly pipelines: ReadonlyMap<string, Settling>;
  /** Delivers what waits for up to ten seconds, says what is left, and ends. */
  stop(): Promise<void>;
}

const drainMs = 10_000;

/** @throws UserError where the machine or the person stands in the way; nothing stays open then */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { log } = options;
  const plan = await options.plan;
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

/** FIRST the files of all streams, THEN the streams and their endpoint, THEN the page. */
async function startRooms(options: LocalRunOptions, plan: Plan, opened: Opened): Promise<LocalRun> {
  const { dataFolder, log } = options;
  const files = await openStreams(plan, dataFolder, log, opened);
  const remoteOf = await openRemote(options, plan);
  const doors = options.inspect && (await openDoors(options.inspect, plan, { opened, log }));
  const lines = files.map((one) =>
    lineOf(one, plan, options, {
      remoteOf,
      door: doors?.get(one.stream.deliveryStreamName),
    }),
  );
  const bodies = new BodyReader();
  const { streams, objects } = await startStreams(options, plan, { lines, bodies, opened });
  let probes: StartedProbes | undefined;
  const dashboard = await openDashboard(options, plan, lines, {
    endpoint: streams.firehoseUrl,
    bodies,
    probes: () => probes,
    ...(objects && { objects: () => objects.status() }),
  });
  opened.push(() => dashboard.close());
  const search = remoteOf ? undefined : await openSearchApi(options, plan, bodies, lines);
  probes = startProbes(options, plan, { firehose: streams.innerUrl, search: search?.url });
  for (const other of [search, probes]) opened.push(() => other?.close());
  for (const line of remoteOf ? [] : lines) {
    const timer = keepRetention(line, line.log);
    opened.push(() => clearInterval(timer));
  }
  const names = plan.streams.map(({ deliveryStreamName }) => deliveryStreamName);
  const ready = {
    ready: true,
    firehose: streams.firehoseUrl,
    dashboard: dashboard.url,
    ...(search && { search: search.url }),
    streamName: names[0]!,
    streams: names,
    data: dataFolder,
  } as const;
  const reload = new Reload(plan, lines);
  const runFile = join(dataFolder, "run.json");
  // The publisher asks the endpoint for the first stream's CreateTimestamp: another run may have the port by now.
  const { createdMs } = lines[0]!;
  writeFileSync(runFile, JSON.stringify({ pid: process.pid, region: plan.region, createdMs, ...ready }));
  return {
    plan,
    sendCommand: sendCommandOf(options, plan, plan.streams[0]!),
    ready,
    reload: (next, changed) => reload.takeOver(next, changed),
    deliverAtOnce: () => streams.deliverAtOnce(),
    pipelines: new Map(lines.map(({ stream, pipeline }) => [stream.deliveryStreamName, pipeline])),
    stop: async () => {
      rmSync(runFile, { force: true });
      await Promise.all([objects?.close(), probes?.close()]);
      await streams.drain(drainMs);
      const left = streams.unfinished();
      if (left > 0) log(`${left} records wait in ${dataFolder}; the next start goes on with them.`);
      await closeAll(opened);
    },
  };
}

/** FIRST the streams, THEN the functions that send objects into them. */
async function startStreams(
  options: LocalRunOptions,
  plan: Plan,
  { lines, bodies, opened }: { readonly lines: Line[]; readonly bodies: BodyReader; readonly opened: Opened },
) {
  const { dataFolder, firehosePort: port, host, faults, log } = options;
  const clock = faults?.clock ?? systemClock;
  const firehoseUrl = (): string => streams.innerUrl;
  const objects = openObjectEvents({ plan, dataFolder, clock, log, firehoseUrl });
  const streams = new LocalStreams({
    ...options,
    streams: lines,
    bodies,
    clock,
    othersPut: objects !== undefined || plan.probes.length > 0,
    beforeAccept: () => faults?.beforeAccept(),
  });
  opened.push(() => streams.close());
  opened.push(() => objects?.close());
  await streams.start().catch((error: unknown) => {
    throw cannotListen({ what: "Firehose endpoint", port, flag: "--firehose-port", host }, error);
  });
  await objects?.start();
  return { streams, objects };
}

/** A stream's files and its rooms. */
interface Line extends RunningStream, StreamFiles {
  readonly remote: Remote | undefined;
  log(text: string): void;
}

type RemoteOf = Awaited<ReturnType<typeof connectRemote>>;

/** Undefined: the embedded indices are the destinations. */
async function openRemote(
  { opensearch, dataFolder, log }: LocalRunOptions,
  { domainObjects: objects, streams }: Plan,
): Promise<RemoteOf | undefined> {
  if (opensearch === undefined || !streams.some(isSearchStream)) return undefined;
  return connectRemote({
    url: opensearch,
    objects,
    clock: systemClock,
    invoke: (fn, environment, input) => invokeOnce(dataFolder, fn, environment, input),
    log,
  });
}

function lineOf(
  files: StreamFiles,
  plan: Plan,
  { dataFolder, faults, log: toConsole }: LocalRunOptions,
  { remoteOf, door }: { readonly remoteOf: RemoteOf | undefined; readonly door: InspectorDoor | undefined },
): Line {
  const { stream, folder, queue, ledger, index, keptPanels } = files;
  const log = logOf(stream.deliveryStreamName, plan, toConsole);
  const panels = keptPanels ?? stream.panels;
  const remote = isSearchStream(stream) ? remoteOf?.({ ...stream, panels }, ledger) : undefined;
  const destination = remote?.destination ?? index;
  const pipeline = new LocalPipeline({
    stream,
    region: plan.region,
    dataFolder: folder,
    bucketsFolder: join(dataFolder, "s3"),
    queue,
    ledger,
    destination: destination && (faults?.destination(destination) ?? destination),
    clock: faults?.clock ?? systemClock,
    door,
    memory: threadMemoryOf(plan.streams.length),
    log,
  });
  return { ...files, createdMs: queue.createdMs, pipeline, remote, log };
}

function openDashboard(
  options: LocalRunOptions,
  plan: Plan,
  lines: readonly Line[],
  {
    endpoint,
    bodies,
    objects,
    probes,
  }: Pick<DashboardOptions, "objects"> & {
    readonly endpoint: string;
    readonly bodies: BodyReader;
    readonly probes: () => StartedProbes | undefined;
  },
): ReturnType<typeof startDashboard> {
  const { dashboardPort: port, host, queryTimeoutSeconds } = options;
  const charts = chartsOfAll(lines);
  return startDashboard({
    port,
    ...(host === undefined ? {} : { host }),
    plan,
    streams: lines.map((line) => ({
      ...dashboardStream(line, options.dataFolder, probes),
      send: { command: sendCommandOf(options, plan, line.stream), endpoint },
    })),
    ...(queryTimeoutSeconds === undefined ? {} : { queryTimeoutMs: queryTimeoutSeconds * 1000 }),
    ...(charts && { charts }),
    bodies,
    ...(objects && { objects }),
  }).catch((error: unknown) => {
    throw cannotListen({ what: "Dashboard", port, flag: "--dashboard-port", host }, error);
  });
}

/** One of several streams is named. */
const sendCommandOf = (
  options: LocalRunOptions,
  { chosenProcessor: processor, streams }: Plan,
  { deliveryStreamName }: StreamPlan,
): string =>
  sendCommand({ ...options, processor, streamName: streams.length > 1 ? deliveryStreamName : undefined });
