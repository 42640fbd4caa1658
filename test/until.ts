/** Waiting in tests: for what comes, whenever it comes. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** Long enough for any machine, and short of the end that mocha makes, which does not say what was waited for. */
const patienceMs = 240_000;

/** @param tell what is said where it never holds */
export async function until(
  holds: () => boolean | Promise<boolean>,
  tell: () => string | Promise<string> = () => holds.toString(),
): Promise<void> {
  const endMs = performance.now() + patienceMs;
  for (let pauseMs = 5; !(await holds()); pauseMs = Math.min(50, pauseMs * 2)) {
    if (performance.now() > endMs) assert.fail(`waited for minutes in vain: ${await tell()}`);
    await pause(pauseMs);
  }
}
