import { strict as assert } from "node:assert";
import type { Plan, ProcessorPlan, StreamPlan } from "../../local/plan/plan";
import { changesBetween, Reload } from "../../local/reload";
import { aPlan, aProcessor, aStreamNamed } from "./fakes";

const web = (changes: Partial<ProcessorPlan> = {}, more: object = {}): StreamPlan =>
  aStreamNamed("web", { processor: aProcessor("one", changes), ...more });

const planned = (...streams: StreamPlan[]): Plan => aPlan(...streams);

describe("the changes of a program that runs", () => {
  it("replace a function whose text, environment, time or memory is another", () => {
    for (const change of [
      { code: "two" },
      { environment: { A: "b" } },
      { timeoutSeconds: 1 },
      { memoryMiB: 512 },
    ]) {
      const { functions, later } = changesBetween(planned(web()), planned(web(change)), []);
      assert.deepEqual([...functions], [["web", { ...web().processor, ...change }]]);
      assert.deepEqual(later, []);
    }
  });

  it("replace a function of an archive when a file in it has changed, though the plan is the same", () => {
    const parts = [
      { kind: "folder", at: "", path: "/app/transform" },
      { kind: "zip", at: "more", path: "/app/more.zip" },
    ] as const;
    const plan = planned(web({ code: { parts, programFolder: "/app" } }));
    const replaced = (...changed: string[]): number => changesBetween(plan, plan, changed).functions.size;
    assert.equal(replaced("/app/transform/src/index.js"), 1);
    assert.equal(replaced("/app/more.zip"), 1);
    assert.equal(replaced("/app/transform.js", "/app/index.ts"), 0);
  });

  it("leave for the next start what the rooms were built with, by name", () => {
    const before = planned(web(), aStreamNamed("old"));
    const after = planned(
      web({ bufferIntervalSeconds: 9 }, { panels: [], indexRetentionDays: 3 }),
      aStreamNamed("new"),
    );
    assert.deepEqual(changesBetween(before, after, []), {
      functions: new Map(),
      later: [
        "web: the panels",
        "web: the retention of indices",
        "web: the buffering hints of the function",
        "the stream new is new",
        "the stream old is gone",
      ],
    });
    const objects = { ...before, objectFunctions: [{}] as unknown as Plan["objectFunctions"] };
    assert.deepEqual(changesBetween(before, objects, []).later, ["the functions of log buckets"]);
    const without = planned(aStreamNamed("web"));
    assert.deepEqual(changesBetween(planned(web()), without, []).later, ["web: no function"]);
    const { later, functions } = changesBetween(without, planned(web()), []);
    assert.deepEqual([later, functions.size], [["web: a function where there was none"], 0]);
  });

  it("are those since the last one that was taken over, and said", () => {
    const taken: string[] = [];
    const pipeline = { replaceFunction: ({ code }: ProcessorPlan) => void taken.push(code as string) };
    const reload = new Reload(planned(web()), [{ stream: web(), pipeline }]);
    assert.deepEqual(reload.takeOver(planned(web()), []), ["what was saved changes nothing here."]);
    assert.deepEqual(reload.takeOver(planned(web({ code: "two" }, { panels: [] })), []), [
      "web: the function transform is the saved one from the next records on.",
      "at the next start: web: the panels.",
    ]);
    reload.takeOver(planned(web({ code: "two" })), []);
    reload.takeOver(planned(web({ code: "three" })), []);
    assert.deepEqual(taken, ["two", "three"]);
  });
});
