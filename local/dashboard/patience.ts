/** How long somebody waits for an answer: until the connection closes, or the time limit of the run. */
import type { Context } from "hono";
import type { Patience } from "../rooms";

/** @default of `npm start -- --query-timeout-seconds` */
export const defaultQueryTimeoutMs = 10_000;

/** Of one question. */
export function patienceOf(context: Context, timeoutMs: number): Patience {
  return { signal: context.req.raw.signal, timeoutMs };
}

/** Of several questions one after another, which share the time limit of the request. */
export function sharedPatience(context: Context, timeoutMs: number): () => Patience {
  const endMs = performance.now() + timeoutMs;
  return () => patienceOf(context, Math.max(1, Math.ceil(endMs - performance.now())));
}
