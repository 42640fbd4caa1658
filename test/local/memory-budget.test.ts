import { strict as assert } from "node:assert";
import { MemoryBudget } from "../../local/memory-budget";

describe("a budget of memory", () => {
  let nowMs: number;
  let budget: MemoryBudget;
  const gone: string[] = [];

  beforeEach(() => {
    nowMs = 0;
    gone.length = 0;
    budget = new MemoryBudget(1_000_000, () => nowMs);
  });
  const open = (name: string) => budget.open(() => gone.push(name));

  it("refuses what does not fit, and takes the same again once there is room", () => {
    const [a, b] = [open("a"), open("b")];
    assert.equal(a.take(900_000), true);
    assert.equal(b.take(200_000), false);
    assert.equal(budget.bytes, 900_000);
    a.close();
    assert.equal(b.take(200_000), true);
    assert.equal(budget.bytes, 200_000);
    assert.deepEqual(gone, []);
  });

  it("lets the one give way that stopped, once others need the room", () => {
    const [stalled, moving, late] = [open("stalled"), open("moving"), open("late")];
    stalled.take(500_000);
    moving.take(400_000);
    nowMs = 900;
    moving.give(100_000);
    nowMs = 1_500;
    assert.deepEqual(gone, []);
    assert.equal(late.take(300_000), true);
    assert.deepEqual(gone, ["stalled"]);
    assert.equal(stalled.take(1), false);
    assert.equal(budget.bytes, 600_000);
  });

  it("saves no time up: who came fast and then dribbles gives way too", () => {
    const [dribbling, late] = [open("dribbling"), open("late")];
    dribbling.take(900_000);
    for (nowMs = 0; nowMs < 3_000; nowMs += 500) dribbling.take(1);
    assert.equal(late.take(500_000), true);
    assert.deepEqual(gone, ["dribbling"]);
  });

  it("lets nobody give way who waits for us, or who is asking itself", () => {
    const [answering, asking] = [open("answering"), open("asking")];
    answering.take(600_000);
    answering.settle();
    asking.take(300_000);
    nowMs = 60_000;
    assert.equal(asking.take(200_000), false);
    assert.deepEqual(gone, []);
  });

  it("counts nothing twice when a share is closed again", () => {
    const a = open("a");
    a.take(10);
    a.close();
    a.close();
    a.give(10);
    assert.equal(budget.bytes, 0);
  });
});
