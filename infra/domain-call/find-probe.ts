/** The function that looks for the probe in the domain, once each minute. */
import { createRequest } from "./request";

interface Hit {
  readonly _source: { readonly firehose_probe: string };
}

/** What a look has found. Both are 0 for a minute of which nobody knows whether a probe was sent. */
export interface ProbeLook {
  /** Name of the stream. */
  readonly stream: string;
  /** 1 where the probe that had to be there by now is there. */
  readonly arrived: number;
  /** 1 where it is not. */
  readonly lost: number;
  /** Age of the newest probe that is there; left out without one. */
  readonly latencySeconds?: number;
}

/**
 * Reads the environment variables ENDPOINT, USERNAME, PASSWORD, STREAM_NAME, INDICES (the stream's, as a pattern) and
 * DEADLINE_SECONDS, in whole minutes. Each look asks after ONE probe, that of the minute whose time is up with this event:
 * so each minute counts once, and sums of what is logged are counts of probes. A minute counts from the first probe on
 * that is there, or from this function's cold start on: before it nobody may have sent.
 */
export const findProbeFactory = () => {
  const newRequest = createRequest();
  const { STREAM_NAME: stream = "", INDICES = "", DEADLINE_SECONDS = "" } = process.env;
  const { max, min, floor, round } = Math;
  const minuteMs = 60_000;
  const deadlineMs = Number(DEADLINE_SECONDS) * 1000;
  const lookBackMs = deadlineMs + 600_000;
  const budgetMs = 20_000;
  const path = `/${INDICES}/_search?allow_no_indices=true&ignore_unavailable=true`;
  let firstMs = Infinity;

  return async ({ time }: { readonly time: string }): Promise<ProbeLook> => {
    const nowMs = floor(Date.parse(time) / minuteMs) * minuteMs;
    firstMs = min(firstMs, nowMs);
    const since = new Date(nowMs - lookBackMs).toISOString();
    const filter = [{ exists: { field: "firehose_probe" } }, { range: { "@timestamp": { gte: since } } }];
    const sort = [{ "@timestamp": { order: "desc", unmapped_type: "date" } }];
    const request = newRequest(budgetMs, false);
    const { json } = await request("POST", path, { body: { size: 1000, query: { bool: { filter } }, sort } });
    const found: number[] = json.hits.hits.map(({ _source }: Hit) => Number(_source.firehose_probe));
    const dueMs = nowMs - deadlineMs;
    const isKnown = dueMs >= min(firstMs, ...found);
    const arrived = found.includes(dueMs) ? 1 : 0;
    const newestMs = max(...found);
    const look = {
      stream,
      arrived,
      lost: isKnown ? 1 - arrived : 0,
      ...(found.length > 0 ? { latencySeconds: round((Date.now() - newestMs) / 1000) } : {}),
    };
    console.log({ probe: look });
    return look;
  };
};
