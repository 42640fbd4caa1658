/** What VictoriaLogs spends on the documents of the whole line, and what of them it loses when it is killed at once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usageOf } from "./process-usage";
import { batchesOf, bytesBelow, type PeerFigures, type SourceFile } from "./source-file";
import { VictoriaLogs, victoriaLogsMissing } from "./victoria-logs";

/** A text tells why there are none. */
export async function victoriaLogsFigures(sources: SourceFile): Promise<PeerFigures | string> {
  const missing = victoriaLogsMissing();
  if (missing !== undefined) return missing;
  const base = mkdtempSync(join(tmpdir(), "bench-victoria-logs-"));
  let logs = await VictoriaLogs.start(join(base, "kept"));
  try {
    const { seconds, cpuSeconds } = await fill(logs, sources);
    const { peakMb } = usageOf(logs.pid);
    await logs.stop("SIGKILL");
    logs = await VictoriaLogs.start(join(base, "kept"));
    const lost = sources.documents - (await logs.count("*"));
    await logs.stop();
    // What was lost takes no room: a second one, which may write all down, tells the size.
    logs = await VictoriaLogs.start(join(base, "whole"));
    await fill(logs, sources);
    await logs.stop();
    return { cpuSeconds, seconds, peakMb, diskBytes: bytesBelow(join(base, "whole")), lost };
  } finally {
    await logs.stop();
    rmSync(base, { recursive: true, force: true });
  }
}

async function fill(
  logs: VictoriaLogs,
  sources: SourceFile,
): Promise<{ seconds: number; cpuSeconds: number }> {
  const before = usageOf(logs.pid).cpuSeconds;
  const startMs = performance.now();
  for await (const batch of batchesOf(sources)) await logs.insert(batch, "host");
  const seconds = (performance.now() - startMs) / 1000;
  return { seconds, cpuSeconds: usageOf(logs.pid).cpuSeconds - before };
}
