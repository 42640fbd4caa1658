import { strict as assert } from "node:assert";
import { isPackages } from "../../../local/plan/evidence";

describe("what an evaluation depends on", () => {
  it("is not the compiled code that compilers keep: what it was made of is compared", () => {
    const hash = "94a6b447580330f9f2b609422537b04239ff3a39df9137e32efd559f1a2935cb";
    for (const path of [
      "/app/node_modules/left/index.js",
      "/tmp/v8-compile-cache-0/x.js",
      `/tmp/ts-node-${hash}/${hash}/${hash}.js`,
    ])
      assert.ok(isPackages(path), path);
    for (const path of ["/app/index.ts", "/app/ts-node-notes/data.json", "/app/my_node_modules.json"])
      assert.ok(!isPackages(path), path);
  });
});
