/** Old indices go, as the program's retention policy has them go on AWS. */
import type { StreamPlan } from "./plan/plan";
import type { EmbeddedIndex } from "./rooms";

export interface Retained {
  readonly stream: Pick<StreamPlan, "indexRetentionDays">;
  readonly index: Pick<EmbeddedIndex, "dropIndicesCreatedBefore"> | undefined;
}

const hourMs = 3_600_000;

/** Drops indices that are older than the program's retention policy allows: at the start, then hourly. */
export function keepRetention(
  { stream, index }: Retained,
  log: (text: string) => void,
): NodeJS.Timeout | undefined {
  const { indexRetentionDays } = stream;
  if (indexRetentionDays === undefined || !index) return undefined;
  const drop = (): void => {
    index.dropIndicesCreatedBefore(Date.now() - indexRetentionDays * 24 * hourMs).then(
      (dropped) => dropped.length > 0 && log(`retention: dropped ${dropped.join(", ")}`),
      (error: unknown) => log(`retention: ${String(error)}`),
    );
  };
  drop();
  return setInterval(drop, hourMs).unref();
}
