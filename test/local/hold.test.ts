import { strict as assert } from "node:assert";
import { Hold } from "../../local/hold";
import { ManualClock, settle } from "./fakes";

const never = new AbortController().signal;

function watch(hold: Hold): { due: boolean } {
  const seen = { due: false };
  void hold.due(never).then(() => {
    seen.due = true;
  });
  return seen;
}

async function isDueAtOnce(hold: Hold): Promise<boolean> {
  const seen = watch(hold);
  await settle();
  return seen.due;
}

describe("Hold", () => {
  it("is due at its size", async () => {
    const hold = new Hold({ bytes: 10, intervalMs: 1000 }, new ManualClock());
    const seen = watch(hold);
    hold.add(1, 9);
    await settle();
    assert.equal(seen.due, false);
    hold.add(1, 1);
    await settle();
    assert.equal(seen.due, true);
  });

  it("is due at the age of its first record, not of the last", async () => {
    const clock = new ManualClock();
    const hold = new Hold({ bytes: 10, intervalMs: 1000 }, clock);
    const seen = watch(hold);
    hold.add(1, 1);
    await clock.advance(600);
    hold.add(1, 1);
    await clock.advance(399);
    assert.equal(seen.due, false);
    await clock.advance(1);
    assert.equal(seen.due, true);
  });

  it("is never due while empty, and at once with an interval of 0", async () => {
    const clock = new ManualClock();
    const hold = new Hold({ bytes: 10, intervalMs: 0 }, clock);
    const seen = watch(hold);
    await clock.advance(1_000_000);
    assert.equal(seen.due, false);
    hold.add(1, 1);
    await settle();
    assert.equal(seen.due, true);
  });

  it("is due at once while draining", async () => {
    const hold = new Hold({ bytes: 10, intervalMs: 1000 }, new ManualClock());
    hold.add(1, 1);
    const seen = watch(hold);
    const endOne = hold.drain();
    const endOther = hold.drain();
    await settle();
    assert.equal(seen.due, true);

    hold.take(1, 1);
    endOne();
    hold.add(1, 1);
    assert.equal(await isDueAtOnce(hold), true);
    endOther();
    assert.equal(await isDueAtOnce(hold), false);
  });
});
