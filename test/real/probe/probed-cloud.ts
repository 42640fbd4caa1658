/** A stack with a probe, in simulated time: its emitted functions, a stand-in of its stream, and a real node. */
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { OpenSearchNode } from "../../../engines/opensearch/node";
import type { PlainObject } from "../../../infra/domain-call/objects";
import type { Evaluation, Inputs } from "../../infra/evaluate";
import { type Handler, invoke, loadHandler } from "../../infra/run-closure";
import { Alarm, Metrics } from "./metrics";
import { StandInFirehose } from "./stand-in-firehose";

export const minuteMs = 60_000;
/** How often it is looked what is due. */
const stepMs = 10_000;
/** How often the domain tells of itself; the service does it each minute. */
const domainLookMs = 5 * minuteMs;

const types = {
  function: "aws:lambda/function:Function",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  filter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  domain: "aws:opensearch/domain:Domain",
  invocation: "aws:lambda/invocation:Invocation",
};

/** An alarm, and the end of the period when it rang first. */
export type Rung = ReadonlyMap<string, number>;

export class ProbedCloud {
  /** By how much the clock of the schedule is ahead that calls the sender. */
  scheduleAheadMs = 0;
  /** Neither sender nor finder is called. */
  isScheduleOff = false;
  /** Of the last start. */
  stream!: StandInFirehose;
  /** Probes that the stream has taken. */
  sent = 0;
  private metrics!: Metrics;
  private transform!: Handler;
  private sender!: Handler;
  private finder!: Handler;
  private alarms!: Alarm[];
  private readonly clock = { nowMs: 0 };
  private startMs = 0;

  constructor(
    private readonly evaluation: Evaluation,
    readonly node: OpenSearchNode,
    /** "user:password" of an internal user that has the ARN of the stream's IAM role. */
    private readonly login: string,
  ) {}

  /** Settings of the stream. */
  get settings(): Inputs {
    return this.evaluation.one(types.stream).inputs["opensearchConfiguration"];
  }

  get deadlineSeconds(): number {
    const { variables } = this.evaluation.one(types.function, "-probe-finder").inputs["environment"];
    return Number(variables.DEADLINE_SECONDS);
  }

  /** The objects that the stream cannot do without, as the program hands them to its function. */
  get objects(): PlainObject[] {
    const inputs = this.evaluation.all(types.invocation).map(({ inputs: { input } }) => JSON.parse(input));
    return ["role", "role-mapping", "index-template"].map((kind) => inputs.find((one) => one.kind === kind));
  }

  async putObjects(): Promise<void> {
    const put = await this.load("domain-objects");
    for (const object of this.objects) await invoke(put, { ...object, tf: { action: "create" } });
  }

  /** Everything anew but the node: functions at their cold start, an empty stream, no value of any metric. */
  async start(atMs: number): Promise<void> {
    this.clock.nowMs = atMs;
    this.startMs = atMs;
    this.sent = 0;
    const { evaluation } = this;
    this.metrics = new Metrics(evaluation.all(types.filter).map(({ inputs }) => inputs));
    const alarms = evaluation.all(types.alarm);
    const prefix = alarms.find(({ name }) => name.endsWith("-probe"))!.name.slice(0, -"probe".length);
    this.alarms = alarms.map((alarm) => new Alarm(alarm, prefix));
    const { inputs } = evaluation.one(types.stream);
    const { dimensions } = alarms.find(({ inputs: { metricName } }) => metricName === "Errors")!.inputs;
    this.transform = await this.load("processor");
    this.stream = await StandInFirehose.start({
      deliveryStreamName: inputs["name"],
      inputs,
      node: this.node,
      login: this.login,
      functionName: dimensions.FunctionName,
      transform: (event) => this.transform(event),
      metrics: this.metrics,
      clock: this.clock,
    });
    this.sender = await this.load("-probe-sender");
    this.finder = await this.load("-probe-finder");
  }

  async close(): Promise<void> {
    await this.stream?.close();
  }

  /** From now on the function that transforms records ends with an error. */
  breakFunction(): void {
    this.transform = () => Promise.reject(new Error("out of order"));
  }

  /** Lets so many minutes go by. @returns the alarms that rang in them */
  async pass(minutes: number): Promise<Rung> {
    const rung = new Map<string, number>();
    for (let minute = 0; minute < minutes; minute++) {
      const fromMs = this.clock.nowMs;
      if (!this.isScheduleOff) await this.callBoth(fromMs);
      for (let atMs = fromMs; atMs < fromMs + minuteMs; atMs += stepMs) {
        this.clock.nowMs = atMs;
        await this.stream.tick();
      }
      if (fromMs % domainLookMs === 0) await this.lookAtDomain();
      this.clock.nowMs = fromMs + minuteMs;
      for (const role of this.ringing()) if (!rung.has(role)) rung.set(role, this.clock.nowMs);
    }
    return rung;
  }

  /** As the schedule does; Lambda's two further calls of what has failed are left out. No alarm is of their errors. */
  private async callBoth(minute: number): Promise<void> {
    const event = (atMs: number) => ({ time: new Date(atMs).toISOString().replace(".000Z", "Z") });
    const isSent = await invoke(this.sender, event(minute + this.scheduleAheadMs)).then(
      () => true,
      () => false,
    );
    if (isSent) this.sent++;
    await invoke(this.finder, event(minute)).catch(() => undefined);
  }

  private ringing(): string[] {
    const { nowMs } = this.clock;
    return this.alarms
      .filter(({ periodMs }) => nowMs % periodMs === 0 && nowMs - periodMs >= this.startMs)
      .filter((alarm) => alarm.isRinging(this.metrics, nowMs))
      .map(({ role }) => role);
  }

  /** What the service tells of a domain. Disk and memory are those of the machine of the test: left out. */
  private async lookAtDomain(): Promise<void> {
    const domainName = this.evaluation.one(types.domain).inputs["domainName"];
    const json = async (path: string) => JSON.parse((await this.node.call("GET", path)).body);
    const { blocks } = await json("/_cluster/state/blocks");
    const { status } = await json("/_cluster/health");
    const record = (metric: string, isSo: boolean) =>
      this.metrics.record("AWS/ES", metric, domainName, { atMs: this.clock.nowMs, value: isSo ? 1 : 0 });
    record("ClusterIndexWritesBlocked", Object.keys(blocks?.global ?? {}).length > 0);
    record("ClusterStatus.red", status === "red");
  }

  /** The text that would be uploaded, with the addresses of this machine. */
  private async load(nameEnd: string): Promise<Handler> {
    const { inputs } = this.evaluation.one(types.function, nameEnd);
    const { "__index.js": code } = await this.evaluation.archive(nameEnd);
    const log: string[] = [];
    // A clock of its own: what one function waits does not make the others late.
    const clock = { nowMs: 0 };
    const handler = loadHandler(code!, {
      environment: { ...inputs["environment"]?.variables, ...this.addresses(inputs) },
      packages: { "@aws-sdk/client-firehose": this.sdk() },
      log,
      clock,
    });
    return async (event) => {
      clock.nowMs = this.clock.nowMs;
      try {
        return await handler(event);
      } finally {
        for (const line of log.splice(0)) {
          const message = line.startsWith("{") ? JSON.parse(line) : line;
          this.metrics?.logged(inputs["loggingConfig"].logGroup, message, this.clock.nowMs);
        }
      }
    };
  }

  private addresses(inputs: Inputs): Record<string, string> {
    const { url, user, password } = this.node;
    const asksDomain = inputs["environment"]?.variables.ENDPOINT !== undefined;
    return {
      AWS_REGION: "eu-west-1",
      ...(asksDomain ? { ENDPOINT: url, USERNAME: user!, PASSWORD: password! } : {}),
    };
  }

  /** The real one, that speaks to the stand-in. */
  private sdk(): object {
    const credentials = { accessKeyId: "of-tests", secretAccessKey: "of-tests" };
    const here = () => ({ endpoint: this.stream.url, credentials });
    class Client extends FirehoseClient {
      constructor(config: object) {
        super({ ...config, ...here() });
      }
    }
    return { FirehoseClient: Client, PutRecordBatchCommand };
  }
}
