/** All streams of a run behind one endpoint, and one more endpoint for what their functions put again. */
import type { BodyReader } from "./body-reader";
import type { Clock } from "./clock";
import { textOf } from "./errors";
import type { LocalPipeline } from "./pipeline";
import type { StreamPlan } from "./plan/plan";
import { type Receiver, startReceiver } from "./receive/server";

/** A stream on its walk. */
export interface RunningStream {
  readonly stream: StreamPlan;
  /** When its data began, in milliseconds since 1970. */
  readonly createdMs: number;
  readonly pipeline: LocalPipeline;
}

export interface StreamsOptions {
  readonly streams: readonly RunningStream[];
  /** 0 = any free one. */
  readonly firehosePort: number;
  readonly host?: string;
  readonly clock: Clock;
  /** Whether functions that are none of a stream's put records too. @default false */
  readonly othersPut?: boolean;
  /** Reads the bodies of all servers of a run. @default one of its own */
  readonly bodies?: BodyReader;
  /** Throws where no records can be taken at all. @default never */
  beforeAccept?(): void;
  log(text: string): void;
}

export class LocalStreams {
  private receiver: Receiver | undefined;
  /** For the functions alone: what they put again is still taken when a stop has closed the other. */
  private innerReceiver: Receiver | undefined;

  constructor(private readonly options: StreamsOptions) {}

  get firehoseUrl(): string {
    return this.receiver?.url ?? "";
  }

  /** For functions; empty where there are none. */
  get innerUrl(): string {
    return this.innerReceiver?.url ?? "";
  }

  /**
   * FIRST the pipelines start, THEN the endpoint that everybody can reach.
   * @throws the system's error where it cannot listen, such as code `EADDRINUSE`
   */
  async start(): Promise<void> {
    const { streams, firehosePort: port, host, bodies, othersPut } = this.options;
    const put = othersPut || streams.some(({ stream }) => stream.processor);
    if (put) this.innerReceiver = await this.receive({ port: 0 });
    for (const { pipeline } of streams) await pipeline.start(this.innerUrl);
    this.receiver = await this.receive({
      port,
      ...(host === undefined ? {} : { host }),
      ...(bodies === undefined ? {} : { bodies }),
    });
  }

  private receive(
    where: Pick<Parameters<typeof startReceiver>[0], "port" | "host" | "bodies">,
  ): Promise<Receiver> {
    const { streams, beforeAccept, clock, log } = this.options;
    return startReceiver({
      ...where,
      clock,
      streams: streams.map(({ stream, createdMs, pipeline }) => ({
        stream,
        createdMs,
        accept: async (records) => {
          beforeAccept?.();
          return pipeline.accept(records);
        },
      })),
      onError: (error) => log(`receive: ${textOf(error)}`),
    });
  }

  /** From now on what comes and what waits is delivered without regard to the buffering intervals. */
  deliverAtOnce(): void {
    for (const { pipeline } of this.options.streams) pipeline.drain();
  }

  /**
   * Takes no more records but those that functions put again, and delivers what waits without regard to the
   * buffering intervals, for `mostMs` at the most.
   */
  async drain(mostMs: number): Promise<void> {
    const { clock } = this.options;
    await this.receiver?.close();
    this.deliverAtOnce();
    const endMs = clock.steadyMs() + mostMs;
    while (this.isBusy && clock.steadyMs() < endMs) await clock.wait(20);
  }

  private get isBusy(): boolean {
    return this.options.streams.some(({ pipeline }) => pipeline.isBusy);
  }

  /** Records of all streams that are not settled or not backed up yet. */
  unfinished(): number {
    return this.options.streams.reduce((sum, { pipeline }) => sum + pipeline.unfinished(), 0);
  }

  async close(): Promise<void> {
    const closed = this.options.streams.map(({ pipeline }) => pipeline.close());
    await this.receiver?.close();
    await Promise.all(closed);
    await this.innerReceiver?.close();
  }
}
