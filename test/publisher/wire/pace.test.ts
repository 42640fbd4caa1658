import assert, { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Budget } from "../../../publisher/wire/budget";
import { Pace } from "../../../publisher/wire/pace";
import type { PutBatch } from "../../../publisher/wire/put-batch";
import { type PutCall, type SendOptions, sendAll } from "../../../publisher/wire/send";
import { manualClock } from "../sink";

type ManualClock = ReturnType<typeof manualClock>;

/** A service with a quota: what is above it in a second is throttled, entry by entry. A call takes 20 ms. */
function withQuota(clock: ManualClock, quotaAt: (ms: number) => number) {
  const seen = { perSecond: [] as number[], throttled: [] as number[] };
  const put: PutCall = async (batch) => {
    await clock.sleep(20);
    const second = Math.floor(clock.now() / 1000);
    const before = seen.perSecond[second] ?? 0;
    const taken = Math.max(0, Math.min(batch.count, quotaAt(clock.now()) - before));
    seen.perSecond[second] = before + taken;
    if (taken < batch.count) seen.throttled[second] = (seen.throttled[second] ?? 0) + 1;
    const failed = Array.from({ length: batch.count - taken }, (_, n) => taken + n);
    return failed.map((position) => ({
      position,
      errorCode: "ServiceUnavailableException",
      errorMessage: "Slow down.",
    }));
  };
  return { put, seen };
}

/** As many records, of which nobody reads a byte. */
function* records(count: number): Generator<PutBatch> {
  const batch = (count: number): PutBatch => ({
    count,
    bytes: 30 * count,
    encode: () => assert.fail("nothing is encoded"),
    record: () => assert.fail("nothing is read"),
    pick: ({ length }) => batch(length),
  });
  for (let left = count; left > 0; left -= 500) yield batch(Math.min(left, 500));
}

describe("publisher/wire/pace", () => {
  const send = (clock: ManualClock, put: PutCall, count: number, options: SendOptions = {}) =>
    sendAll(put, records(count), { clock, inFlight: 8, ...options });

  it("never exceeds --rate", async () => {
    const clock = manualClock();
    const { put } = withQuota(clock, () => Infinity);

    await send(clock, put, 50_000, { ratePerSecond: 5000 });

    // 100 batches of 500 at 5,000/s: the last one starts after 99 times 100 ms.
    strictEqual(clock.now() >= 9_900, true);
    strictEqual(clock.now() < 10_200, true);
  });

  it("sends as fast as it can without --rate and without throttling", async () => {
    const clock = manualClock();
    const { put } = withQuota(clock, () => Infinity);

    await send(clock, put, 400_000);

    strictEqual(clock.now(), 2000);
  });

  it("slows down to what is accepted and throttles little from then on [B19]", async () => {
    const clock = manualClock();
    const { put, seen } = withQuota(clock, () => 10_000);

    const summary = await send(clock, put, 300_000);

    strictEqual(summary.accepted, 300_000);
    strictEqual(clock.now() < 45_000, true);
    strictEqual(summary.throttledCalls < 0.3 * summary.calls, true);
    deepStrictEqual(
      seen.perSecond.every((n) => n <= 10_000),
      true,
    );
  });

  it("is free again when the throttling is over", async () => {
    const clock = manualClock();
    const { put, seen } = withQuota(clock, (ms) => (ms < 10_000 ? 5_000 : Infinity));

    await send(clock, put, 1_500_000);

    strictEqual(Math.max(...seen.perSecond) > 150_000, true);
  });

  it("drops once for the calls that were in flight together", () => {
    const clock = manualClock();
    const pace = new Pace(clock, 1000);

    for (let n = 0; n < 8; n++) pace.throttled();

    pace.reserve(800);
    strictEqual(pace.reserve(1), 1000);
  });
});

describe("publisher/wire/budget", () => {
  it("lets bytes wait until there is room, in order, and one that is too large go alone", async () => {
    const budget = new Budget(10);
    const order: string[] = [];

    strictEqual(budget.take(6), true);
    strictEqual(budget.take(6), false);
    const large = budget.wait(20).then(() => order.push("large"));
    strictEqual(budget.take(1), false);
    const small = budget.wait(1).then(() => order.push("small"));
    budget.give(6);
    await large;
    deepStrictEqual(order, ["large"]);
    budget.give(20);
    await small;

    deepStrictEqual(order, ["large", "small"]);
  });
});
