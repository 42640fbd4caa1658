import { strict as assert } from "node:assert";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { type ThreadMemory, threadMemoryOf } from "../../local/thread-memory";
import { startTypeScriptWorker } from "../../local/typescript-worker";

describe("the memory of threads", () => {
  const sumOf = (streams: number, what: keyof ThreadMemory): number =>
    streams * threadMemoryOf(streams)[what];

  it("is shared by the streams of a run", () => {
    for (let streams = 2; streams <= 4; streams++) {
      for (const what of ["youngGenerationMiB", "functionYoungGenerationMiB", "pageCacheMiB"] as const)
        assert.ok(sumOf(streams, what) <= sumOf(1, what), what);
    }
  });

  it("is never less than a busy stream needs", () => {
    assert.deepEqual(threadMemoryOf(1000), {
      youngGenerationMiB: 12,
      functionYoungGenerationMiB: 12,
      functionIdleMs: 30_000,
      pageCacheMiB: 8,
    });
  });

  it("is what a thread has, whatever the main thread was given", async () => {
    setFlagsFromString("--max-semi-space-size=32");
    // A thread that waits for calls: another one could have ended before it is asked.
    const file = join(__dirname, "../../local/transform/lambda-worker.ts");
    const data = {
      code: "exports.handler = () => {};",
      handler: "handler",
      memoryMiB: 64,
      idleMs: 1000,
      logFormat: "JSON",
    };
    const limitOf = async (maxYoungGenerationSizeMb: number): Promise<number> => {
      const worker = startTypeScriptWorker(file, data, {
        resourceLimits: { maxYoungGenerationSizeMb, maxOldGenerationSizeMb: 64 },
      });
      await new Promise((online) => worker.once("online", online));
      const { heap_size_limit: bytes } = await worker.getHeapStatistics();
      await worker.terminate();
      return bytes;
    };
    assert.ok((await limitOf(12)) < (await limitOf(48)));
  });
});
