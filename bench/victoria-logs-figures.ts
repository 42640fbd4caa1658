/** What VictoriaLogs spends on the documents of the whole line, and what of them it loses when it is killed at once. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usageOf } from "./process-usage";
import { VictoriaLogs, victoriaLogsMissing } from "./victoria-logs";

const documentsPerRequest = 5000;

export interface VictoriaLogsFigures {
  /** Per 1,000,000 documents. */
  readonly cpuSeconds: number;
  /** Documents that it had said to have. */
  readonly lost: number;
}

/** A text tells why there are none. */
export async function victoriaLogsFigures(total: number): Promise<VictoriaLogsFigures | string> {
  const missing = victoriaLogsMissing();
  if (missing !== undefined) return missing;
  const data = mkdtempSync(join(tmpdir(), "bench-victoria-logs-"));
  let logs = await VictoriaLogs.start(data);
  try {
    const before = usageOf(logs.pid).cpuSeconds;
    const now = new Date().toISOString();
    for (let at = 0; at < total; at += documentsPerRequest) {
      const length = Math.min(documentsPerRequest, total - at);
      const one = () => `{"@timestamp":"${now}","message":"bye world! ${randomUUID()}","host":"bench"}`;
      await logs.insert(Array.from({ length }, one), "host");
    }
    const cpuSeconds = ((usageOf(logs.pid).cpuSeconds - before) * 1_000_000) / total;
    await logs.stop("SIGKILL");
    logs = await VictoriaLogs.start(data);
    return { cpuSeconds, lost: total - (await logs.count("*")) };
  } finally {
    await logs.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
