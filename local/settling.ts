/** Waits for the end of a pipeline's work, and says what there is left to do. */
import type { PipelineStatus } from "./status";

/** A pipeline, as far as its end is waited for. */
export interface Settling {
  readonly isBusy: boolean;
  /** From now on what waits is delivered without regard to the buffering intervals. @returns how to end that */
  drain(): () => void;
  status(): PipelineStatus;
}

const pollMs = 10;

/** What waits is delivered without regard to the buffering intervals, as long as it is waited for. */
export async function isSettled(pipeline: Settling, mostMs: number): Promise<boolean> {
  const endMs = performance.now() + mostMs;
  const endDrain = pipeline.drain();
  try {
    while (pipeline.isBusy) {
      if (performance.now() > endMs) return false;
      await new Promise((wake) => setTimeout(wake, pollMs));
    }
    return true;
  } finally {
    endDrain();
  }
}

const records = (n: number): string => (n === 1 ? "1 record" : `${n} records`);

/** Where the records are that are not settled or not backed up; sentences without their full stops. */
export function whatIsLeft(status: PipelineStatus, backsUp: boolean): string[] {
  const { accepted, waiting, backedUp, rooms } = status;
  const { transformBuffer, deliveryBuffer, trouble } = rooms;
  const beforeFunction = Math.min(waiting, transformBuffer.records);
  const beforeDestination = Math.min(waiting - beforeFunction, deliveryBuffer.records);
  const places: [number, string][] = [
    [beforeFunction, "not through the function"],
    [beforeDestination, "not taken by the destination"],
    [waiting - beforeFunction - beforeDestination, "under way"],
    [backsUp ? accepted - backedUp : 0, "not backed up"],
  ];
  const left = places.filter(([n]) => n > 0).map(([n, where]) => `${records(n)} ${where}`);
  return [...left, ...(trouble === undefined ? [] : [trouble]), `${accepted} accepted in all`];
}
