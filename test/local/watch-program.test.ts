import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../local/plan/plan";
import { watchProgram } from "../../local/watch-program";
import { aPlan, aProcessor, aStream, ManualClock, settle, temporaryFolder } from "./fakes";

describe("a program that is watched", () => {
  let folder: string;
  let clock: ManualClock;
  let stop: AbortController;
  let watching: Promise<void>;
  let evaluate: (onSources: (paths: readonly string[]) => void) => Promise<Plan>;
  let reloaded: string[][];
  let said: string[];
  beforeEach(function () {
    folder = temporaryFolder(this);
    clock = new ManualClock();
    stop = new AbortController();
    reloaded = [];
    said = [];
    evaluate = () => Promise.resolve(aPlan());
    save("index.ts", "one");
    save("transform/lib/index.js", "one");
    save("transform/node_modules/a/index.js", "one");
  });
  afterEach(async () => {
    stop.abort();
    await watching;
  });

  const at = (file: string): string => join(folder, file);
  function save(file: string, text: string): void {
    mkdirSync(join(at(file), ".."), { recursive: true });
    writeFileSync(at(file), text);
  }
  const watch = (plan = aPlan()): void => {
    const options = { clock, plan, sources: [at("index.ts")], log: (text: string) => void said.push(text) };
    watching = watchProgram(
      {
        ...options,
        evaluate: (onSources) => evaluate(onSources),
        reload: (_plan, changed) => {
          reloaded.push([...changed]);
          return ["taken over"];
        },
        report: (error) => (error as Error).message,
      },
      stop.signal,
    );
  };
  /** Time for so many looks at the files. */
  const look = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await clock.advance(300);
  };

  it("is read again once a file was saved and nothing is being saved any more", async () => {
    watch();
    await look(3);
    assert.deepEqual(reloaded, []);
    save("index.ts", "a second");
    await look(1);
    save("index.ts", "a third one");
    await look(1);
    assert.deepEqual(reloaded, []);
    await look(3);
    assert.deepEqual(reloaded, [[at("index.ts")]]);
    assert.deepEqual(said, ["watch: taken over"]);
  });

  it("keeps its functions where what was saved cannot be evaluated, says so, and is read again when that is mended", async () => {
    watch();
    evaluate = (onSources) => {
      onSources([at("index.ts"), at("broken.ts")]);
      return Promise.reject(new Error("broken.ts: no such thing"));
    };
    save("index.ts", "imports broken");
    await look(2);
    assert.deepEqual(reloaded, []);
    assert.deepEqual(said, [
      "watch: what was saved cannot be evaluated, the functions stay as they are.\nbroken.ts: no such thing",
    ]);
    evaluate = () => Promise.resolve(aPlan());
    save("broken.ts", "mended");
    await look(2);
    assert.deepEqual(reloaded, [[at("broken.ts")]]);
  });

  it("is read once more when a file was saved while it was evaluated", async () => {
    watch();
    let done = (_plan: Plan): void => {};
    evaluate = () =>
      new Promise((resolve) => {
        done = resolve;
      });
    save("index.ts", "a second");
    await look(2);
    save("index.ts", "a third one");
    evaluate = () => Promise.resolve(aPlan());
    done(aPlan());
    await settle();
    assert.equal(reloaded.length, 1);
    await look(2);
    assert.deepEqual(reloaded, [[at("index.ts")], [at("index.ts")]]);
  });

  it("has the files of its functions' archives watched, packages left out", async () => {
    const code = {
      parts: [{ kind: "folder", at: "", path: at("transform") }],
      programFolder: folder,
    } as const;
    const plan = aPlan(aStream({ processor: aProcessor("", { code }) }));
    evaluate = () => Promise.resolve(plan);
    watch(plan);
    save("transform/node_modules/a/index.js", "a second");
    await look(3);
    assert.deepEqual(reloaded, []);
    save("transform/lib/index.js", "a second");
    save("transform/lib/new.js", "new");
    await look(3);
    assert.deepEqual(reloaded, [[at("transform/lib/index.js"), at("transform/lib/new.js")]]);
  });
});
