import { strict as assert } from "node:assert";
import { tellWhenSlow } from "../../../local/plan/evaluate-apart";
import { ManualClock } from "../fakes";

describe("an evaluation that takes long", () => {
  it("is told once after 20 s, with what may keep it for ever", async () => {
    const clock = new ManualClock();
    const said: string[] = [];
    const told = tellWhenSlow(new AbortController().signal, clock, (text) => said.push(text));
    await clock.advance(19_999);
    assert.deepEqual(said, []);
    await clock.advance(1);
    await told;
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^note: .*20 s.*loop without an end.*Ctrl-C stops it\.\n$/);
  });

  it("is not told when it has ended before", async () => {
    const ended = new AbortController();
    const told = tellWhenSlow(ended.signal, new ManualClock(), assert.fail);
    ended.abort();
    await told;
  });
});
