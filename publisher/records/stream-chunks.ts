/** Chunks of a stream as they arrive. */
import type { Readable } from "node:stream";
import { free } from "../wire/free-memory";
import { type Chunk, quiet } from "./quiet";

export interface StreamOptions {
  /** After the signal only what has arrived already is given. */
  readonly signal?: AbortSignal | undefined;
  /** Nobody else holds on to the stream's chunks. */
  readonly ours: boolean;
  /** {@link quiet} is given when something has arrived so many milliseconds ago. @default never */
  readonly quietMs?: number | undefined;
}

export async function* streamChunks(stream: Readable, options: StreamOptions): AsyncGenerator<Chunk> {
  const { signal, ours, quietMs = Number.POSITIVE_INFINITY } = options;
  const arrival = new Arrival(stream, signal);
  /** When what was given last and not followed by `quiet` arrived. */
  let sinceMs = Number.POSITIVE_INFINITY;
  try {
    for (;;) {
      if (performance.now() - sinceMs >= quietMs) {
        sinceMs = Number.POSITIVE_INFINITY;
        yield quiet;
      }
      const chunk: Buffer | null = stream.read();
      if (chunk !== null) {
        if (sinceMs === Number.POSITIVE_INFINITY) sinceMs = performance.now();
        yield chunk;
        if (ours && chunk.byteLength === chunk.buffer.byteLength) free(chunk.buffer);
        continue;
      }
      if (arrival.failure) throw arrival.failure;
      if (arrival.ended || signal?.aborted) return;
      await arrival.next(sinceMs + quietMs - performance.now());
    }
  } finally {
    arrival.stop();
  }
}

/** Something happened: bytes, the end, a failure, the signal. */
class Arrival {
  failure: Error | undefined;
  ended = false;
  private wake = () => {};

  constructor(
    private readonly stream: Readable,
    private readonly signal: AbortSignal | undefined,
  ) {
    stream
      .on("readable", this.onWake)
      .on("end", this.onEnd)
      .on("close", this.onEnd)
      .on("error", this.onError);
    signal?.addEventListener("abort", this.onWake);
  }

  /** Resolves when something happens, or after so many milliseconds. */
  next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(timeoutMs) ? setTimeout(resolve, Math.max(0, timeoutMs)) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  stop(): void {
    // An error may come later still: that one is left to its listener.
    this.stream.off("readable", this.onWake).off("end", this.onEnd).off("close", this.onEnd);
    this.signal?.removeEventListener("abort", this.onWake);
  }

  private readonly onWake = () => this.wake();

  private readonly onEnd = () => {
    this.ended = true;
    this.wake();
  };

  private readonly onError = (error: Error) => {
    this.failure = error;
    this.wake();
  };
}
