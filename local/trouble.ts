/** What holds the line right now. A failure of the machine is told and tried again; nothing moves on before. */
import type { Clock } from "./clock";
import { textOf } from "./errors";

const firstPauseMs = 100;
const longestPauseMs = 5000;

export interface TroubleOptions {
  readonly clock: Clock;
  /** Aborted when the run stops: nothing is tried again then. */
  readonly stopping: AbortSignal;
  /** Told of every trouble that is new. */
  log(text: string): void;
}

export class Trouble {
  private readonly troubles = new Map<string, { readonly text: string; readonly sinceMs: number }>();

  constructor(private readonly options: TroubleOptions) {}

  /** One of those that there are; undefined when all is well. */
  get first(): { readonly text: string; readonly sinceMs: number } | undefined {
    return [...this.troubles.values()][0];
  }

  /**
   * Of a run that stops nothing more is told: what is under way it has ended itself.
   * @param text undefined when all is well in that room again
   */
  tell(room: string, text: string | undefined): void {
    if (this.options.stopping.aborted) return;
    if (text === undefined) {
      this.troubles.delete(room);
      return;
    }
    const before = this.troubles.get(room);
    if (before?.text !== text) this.options.log(text);
    this.troubles.set(room, { text, sinceMs: before?.sinceMs ?? this.options.clock.nowMs() });
  }

  failed(room: string, error: unknown): void {
    this.tell(room, `${room}: ${textOf(error)}; trying again`);
  }

  /** Runs `step` until it works or the run stops. */
  async untilDone(room: string, step: () => Promise<void>): Promise<void> {
    const { clock, stopping } = this.options;
    for (let pauseMs = firstPauseMs; !stopping.aborted; ) {
      try {
        await step();
        return this.tell(room, undefined);
      } catch (error) {
        if (stopping.aborted) return;
        this.failed(room, error);
        await clock.wait(pauseMs, stopping);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
  }
}
