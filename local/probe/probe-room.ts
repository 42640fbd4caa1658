/**
 * The probes of a run: each minute the program's own functions are called as the schedule on AWS calls them, the sender
 * first. What they answer is counted.
 */
import type { Clock } from "../clock";
import { textOf } from "../errors";
import type { Callable } from "../rooms";
import type { ProbeStatus } from "../status";

export interface ProbedStream {
  readonly deliveryStreamName: string;
  readonly sender: Callable;
  readonly finder: Callable;
}

export interface ProbeRoomOptions {
  readonly streams: readonly ProbedStream[];
  readonly region: string;
  readonly clock: Clock;
  log(text: string): void;
}

/** What the finder answers. */
interface Look {
  readonly arrived: number;
  readonly lost: number;
  readonly latencySeconds?: number;
}

const minuteMs = 60_000;
const nothing: ProbeStatus = {
  sent: 0,
  arrived: 0,
  lost: 0,
  latencySeconds: undefined,
  lastSeen: undefined,
  problem: undefined,
};

export class ProbeRoom {
  private readonly stopping = new AbortController();
  private readonly counts = new Map<string, ProbeStatus>();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: ProbeRoomOptions) {
    for (const { deliveryStreamName } of options.streams) this.counts.set(deliveryStreamName, nothing);
  }

  start(): void {
    this.running = this.run();
  }

  /** Counts since the start of the run; undefined for a stream without a probe. */
  status(deliveryStreamName: string): ProbeStatus | undefined {
    return this.counts.get(deliveryStreamName);
  }

  /** Ends a call that is under way. */
  async close(): Promise<void> {
    this.stopping.abort();
    const { streams } = this.options;
    await Promise.all(streams.flatMap(({ sender, finder }) => [sender.close(), finder.close()]));
    await this.running;
  }

  private async run(): Promise<void> {
    const { clock, streams } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const minute = (Math.floor(clock.nowMs() / minuteMs) + 1) * minuteMs;
      await clock.wait(minute - clock.nowMs(), signal);
      for (const stream of streams) {
        if (!signal.aborted) await this.callBoth(stream, minute);
      }
    }
  }

  private async callBoth({ deliveryStreamName, sender, finder }: ProbedStream, minute: number) {
    const before = this.counts.get(deliveryStreamName) ?? nothing;
    const event = this.eventOf(minute);
    const sent = await sender.invoke(event);
    const looked = await finder.invoke(event);
    if (this.stopping.signal.aborted) return;
    const [problem] = [sent, looked].flatMap((reply) => ("errorType" in reply ? [reply.errorMessage] : []));
    if (problem !== undefined && problem !== before.problem) {
      this.options.log(`probe of ${deliveryStreamName}: ${problem}`);
    }
    this.counts.set(deliveryStreamName, {
      ...before,
      ...("payload" in looked ? this.withLook(before, looked.payload) : {}),
      sent: before.sent + ("payload" in sent ? 1 : 0),
      problem,
    });
  }

  private withLook(before: ProbeStatus, payload: string): Partial<ProbeStatus> {
    try {
      const { arrived, lost, latencySeconds } = JSON.parse(payload) as Look;
      // Probes are named by whole minutes.
      const seenMs = this.options.clock.nowMs() - (latencySeconds ?? 0) * 1000;
      const lastSeen = new Date(Math.round(seenMs / minuteMs) * minuteMs).toISOString();
      return {
        arrived: before.arrived + arrived,
        lost: before.lost + lost,
        latencySeconds,
        lastSeen: latencySeconds === undefined ? before.lastSeen : lastSeen,
      };
    } catch (error) {
      this.options.log(`probe: ${textOf(error)}`);
      return {};
    }
  }

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
  private eventOf(minute: number): string {
    return JSON.stringify({
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.events",
      region: this.options.region,
      time: new Date(minute).toISOString().replace(".000Z", "Z"),
      resources: [],
      detail: {},
    });
  }
}
