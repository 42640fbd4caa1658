import { strict as assert } from "node:assert";
import { Budget } from "../../../../local/dashboard/whereabouts/budget";
import { Needle } from "../../../../local/dashboard/whereabouts/needle";

const placesOf = (text: string, bytes: Buffer): number[] => [...new Needle(text).places(bytes)].flat();

describe("the text that is looked for in bytes", () => {
  it("is found across the ends of slices, once", () => {
    const bytes = Buffer.alloc(2 * 1024 * 1024 + 10, "x");
    const across = [1024 * 1024 - 3, 2 * 1024 * 1024 - 1];
    for (const at of across) bytes.write("needle", at);
    bytes.write("needle", 1024 * 1024 + 100);

    assert.deepEqual(placesOf("needle", bytes), [across[0], 1024 * 1024 + 100, across[1]]);
  });

  it("is found in letters of any size, beyond ASCII as it is, and as JSON has escaped it", () => {
    assert.deepEqual(placesOf("Order (7)", Buffer.from("order (7) ORDER (7) order 7")), [0, 10]);
    assert.deepEqual(placesOf("Zoë", Buffer.from("zoë")), [0]);
    assert.deepEqual(placesOf('say "a"', Buffer.from('{"m":"say \\"a\\""}')), [6]);
  });
});

describe("the budget of a question", () => {
  it("is spent with its bytes, those of its parts included, and says whether anybody waits", async () => {
    const gone = new AbortController();
    const budget = new Budget(60_000, 100, gone.signal);

    await budget.within(0.5, async (part) => {
      part.bytes += 49;
      assert.equal(part.isSpent, false);
      part.bytes += 1;
      assert.equal(part.isSpent, true);
    });
    assert.equal(budget.isSpent, false);
    budget.bytes += 50;

    assert.equal(budget.isSpent, true);
    await budget.breathe();
    gone.abort();
    await assert.rejects(budget.breathe(), { name: "AbortError" });
  });
});
