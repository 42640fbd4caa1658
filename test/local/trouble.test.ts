import { strict as assert } from "node:assert";
import { Trouble } from "../../local/trouble";
import { ManualClock } from "./fakes";

describe("what holds the line", () => {
  it("is told once, until it is well again or becomes another", () => {
    const said: string[] = [];
    const trouble = new Trouble({
      clock: new ManualClock(),
      stopping: new AbortController().signal,
      log: (text) => said.push(text),
    });
    for (const text of ["full", "full", "broken", undefined, "full"]) trouble.tell("queue", text);
    assert.deepEqual(said, ["full", "broken", "full"]);
  });

  it("is not told of a run that stops: it has ended the calls itself", () => {
    const stopping = new AbortController();
    const trouble = new Trouble({
      clock: new ManualClock(),
      stopping: stopping.signal,
      log: assert.fail,
    });
    stopping.abort();
    trouble.tell("transform", "transform: attempt 1 of 4 failed: Runtime.ExitError");
    assert.equal(trouble.first, undefined);
  });
});
