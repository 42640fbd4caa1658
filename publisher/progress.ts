/** What a person sees while records go out; nothing where standard error is not a terminal. */
import { SingleBar } from "cli-progress";
import type { Summary } from "./send";

export interface Progress {
  update(summary: Summary): void;
  stop(): void;
}

const silent: Progress = { update() {}, stop() {} };

/** A bar on standard error. `total` is the number of records, where it is known. */
export function startProgress(
  total: number | undefined,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  if (!stream.isTTY) return silent;
  const known = total !== undefined;
  const bar = new SingleBar({
    format: `${known ? "{bar} {percentage}% | " : ""}{value}${known ? "/{total}" : ""} records | {mb} MB | {rate}/s | {resent} resent${known ? " | {eta_formatted} left" : ""}`,
    stream,
    fps: 5,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
  });
  const startedMs = performance.now();
  const payload = (summary?: Summary) => ({
    mb: ((summary?.acceptedBytes ?? 0) / 1e6).toFixed(1),
    rate: Math.round(((summary?.accepted ?? 0) * 1000) / Math.max(1, performance.now() - startedMs)),
    resent: summary?.resent ?? 0,
  });
  bar.start(total ?? 0, 0, payload());
  return {
    update: (summary) => bar.update(summary.accepted, payload(summary)),
    stop: () => bar.stop(),
  };
}
