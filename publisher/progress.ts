/** What a person sees while records go out; nothing where standard error is not a terminal. */
import { SingleBar } from "cli-progress";
import type { Summary } from "./wire/send";

export interface Progress {
  update(summary: Summary): void;
  stop(): void;
}

/** What the bar can know of its end. */
export interface Total {
  readonly records?: number;
  /** Before base64. */
  readonly bytes?: number;
}

/** A bar on standard error, by records where their number is known, by bytes where only these are. */
export function startProgress(total: Total, stream: NodeJS.WriteStream = process.stderr): Progress {
  const end = total.records ?? total.bytes;
  const known = end !== undefined;
  const bar = new SingleBar({
    format: `${known ? "{bar} {percentage}% | " : ""}{records} records | {mb} MB | {rate}/s | {resent} resent${known ? " | {eta_formatted} left" : ""}`,
    stream,
    fps: 5,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    noTTYOutput: false,
  });
  const startedMs = performance.now();
  const payload = (summary?: Summary) => ({
    records: summary?.accepted ?? 0,
    mb: ((summary?.acceptedBytes ?? 0) / 1e6).toFixed(1),
    rate: Math.round(((summary?.accepted ?? 0) * 1000) / Math.max(1, performance.now() - startedMs)),
    resent: summary?.resent ?? 0,
  });
  bar.start(end ?? 0, 0, payload());
  return {
    update: (summary) => {
      bar.update(total.records === undefined ? summary.acceptedBytes : summary.accepted, payload(summary));
    },
    stop: () => bar.stop(),
  };
}
