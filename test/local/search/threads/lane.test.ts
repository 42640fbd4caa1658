/** Readers that hang, die or are not waited for. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Lane, type Reader } from "../../../../local/search/threads/lane";
import { WorkerGone } from "../../../../local/search/threads/worker-call";

type Method = (request: unknown) => Promise<unknown>;

/** A lane whose readers do what the test says; `stopped` counts those that were replaced. */
function laneOf(methods: Record<string, Method>, mostReaders = 1) {
  const seen = { started: 0, stopped: 0, abandoned: [] as Int32Array[] };
  const start = (): Reader => {
    seen.started++;
    const abandoned = new Int32Array(new SharedArrayBuffer(4));
    seen.abandoned.push(abandoned);
    const call = (method: string, argument: unknown) =>
      (methods[method] as Method)((argument as { request: unknown }).request);
    const stop = async () => {
      seen.stopped++;
    };
    return { worker: { call: call as Reader["worker"]["call"], stop }, abandoned };
  };
  return { lane: new Lane({ start, mostReaders, abandonedMs: 1, lateMs: 1 }), seen };
}

const hangs: Method = () => new Promise(() => {});
const answers: Method = async (request) => request;

describe("a lane of readers", () => {
  it("replaces a reader that hangs beyond its time, and goes on with the next question", async () => {
    const { lane, seen } = laneOf({ hangs, answers });

    const hung = lane.call("hangs", 1, { timeoutMs: 1 });
    const next = lane.call("answers", 2);

    await assert.rejects(hung, /did not answer within/);
    assert.equal(await next, 2);
    assert.deepEqual([seen.started, seen.stopped], [2, 1]);
  });

  it("rejects at once when nobody waits any more, tells the reader, and replaces it if it does not stop", async () => {
    const { lane, seen } = laneOf({ hangs, answers });
    const gone = new AbortController();

    const hung = lane.call("hangs", 1, { signal: gone.signal });
    const next = lane.call("answers", 2);
    await setImmediate();
    gone.abort(new Error("the client went away"));

    await assert.rejects(hung, /the client went away/);
    assert.equal(Atomics.load(seen.abandoned[0] as Int32Array, 0), 1);
    assert.equal(await next, 2);
    assert.equal(seen.stopped, 1);
  });

  it("never asks a reader what was withdrawn while it waited", async () => {
    const { lane, seen } = laneOf({ hangs, answers });
    const gone = new AbortController();
    const first = lane.call("hangs", 1, { timeoutMs: 5 });
    const second = lane.call("answers", 2, { signal: gone.signal });
    gone.abort(new Error("withdrawn"));

    await assert.rejects(second, /withdrawn/);
    await assert.rejects(first);
    assert.equal(seen.started, 1);
  });

  it("replaces a reader that has died", async () => {
    const dies: Method = async () => {
      throw new WorkerGone("out of memory");
    };
    const { lane, seen } = laneOf({ dies, answers });

    await assert.rejects(lane.call("dies", 1), /out of memory/);
    assert.equal(await lane.call("answers", 2), 2);
    assert.equal(seen.started, 2);
  });

  it("closes although a reader hangs", async () => {
    const { lane } = laneOf({ hangs });
    void lane.call("hangs", 1).catch(() => undefined);
    await setImmediate();
    await lane.close(1);
    await assert.rejects(lane.call("hangs", 2), /closed/);
  });
});
