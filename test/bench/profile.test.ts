import { strict as assert } from "node:assert";
import { pathToFileURL } from "node:url";
import { type CpuProfile, secondsByPart } from "../../bench/profile";
import { root } from "../../engines/local-run";

const own = (path: string): string => `${pathToFileURL(root)}/${path}`;

describe("a profile of CPU", () => {
  it("counts what Node does for a room as that room's, and the garbage collector and sleep apart", () => {
    const frames: [functionName: string, url: string, children: number[]][] = [
      ["(root)", "", [2, 6, 7]],
      ["take", own("local/receive/server.ts"), [3]],
      ["run", "node:sqlite", [4]],
      ["write", own("local/search/writing/writer.ts"), [5]],
      ["", "", []],
      ["(garbage collector)", "", []],
      ["(idle)", "", []],
    ];
    const profile: CpuProfile = {
      nodes: frames.map(([functionName, url, children], i) => ({
        ...{ id: i + 1, callFrame: { functionName, url }, children },
      })),
      samples: [2, 3, 4, 5, 6, 7],
      timeDeltas: [1e6, 2e6, 3e6, 4e6, 5e6, 6e6],
    };

    assert.deepEqual(Object.fromEntries(secondsByPart(profile)), {
      "local/receive": 3,
      "local/search/writing": 7,
      "garbage collector": 5,
    });
  });
});
