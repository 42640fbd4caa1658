/** Watches the memory of a function's thread: its heap, and what lies outside of it, as Lambda counts both. */
import type { Worker } from "node:worker_threads";

const MiB = 1024 * 1024;
const checkMs = 50;
/** Buffers that nobody needs any more count until they are collected. */
const uncollectedMiB = 64;
/** The process may grow by so much more during a call: the line works beside the function. */
const besideMiB = 256;

interface HeapStatistics {
  readonly used_heap_size: number;
  readonly malloced_memory: number;
  readonly external_memory: number;
}

/**
 * Calls `exceeded` once when the thread holds more than `memoryMiB`. What the thread says itself is exact, but a long
 * step of native code says nothing until it ends: so the growth of the process counts, too.
 * @returns how to stop watching
 */
export function watchMemory(worker: Worker, memoryMiB: number, exceeded: () => void): () => void {
  const mostBytes = (memoryMiB + uncollectedMiB) * MiB;
  const mostOfProcess = process.memoryUsage.rss() + (memoryMiB + besideMiB) * MiB;
  let asking = false;
  const check = (): void => {
    if (process.memoryUsage.rss() > mostOfProcess) stopAnd(exceeded);
    if (asking || timer === undefined) return;
    asking = true;
    worker.getHeapStatistics().then(
      (heap: HeapStatistics) => {
        asking = false;
        if (heap.used_heap_size + heap.malloced_memory + heap.external_memory > mostBytes) stopAnd(exceeded);
      },
      () => {
        // It does not run yet, or not any more; of that its call is told by its own events.
        asking = false;
      },
    );
  };
  let timer: NodeJS.Timeout | undefined = setInterval(check, checkMs);
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const stopAnd = (then: () => void): void => {
    if (timer === undefined) return;
    stop();
    then();
  };
  return stop;
}
