import { strict as assert } from "node:assert";
import { giveBack } from "../../local/give-back";

describe("memory that is given back", () => {
  it("is gone at once, and a second time changes nothing", () => {
    const bytes = new Uint8Array(16);
    for (let time = 0; time < 2; time++) giveBack(bytes);
    assert.equal(bytes.buffer.detached, true);
  });

  it("stays where others may lie in it", () => {
    const memory = Buffer.alloc(32, "a");
    const part = new Uint8Array(memory.buffer, 0, 16);
    giveBack(part);
    assert.equal(part.length, 16);
    assert.equal(String(memory), "a".repeat(32));
  });
});
