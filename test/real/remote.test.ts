import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { openSearchMissing, startOpenSearch } from "../../engines/opensearch/node";
import { needs } from "./needs";

const root = resolve(__dirname, "../..");

describe("npm run demo -- --opensearch URL", () => {
  let node: Awaited<ReturnType<typeof startOpenSearch>> | undefined;
  after(() => node?.stop());

  it("prepares a real OpenSearch by the program's closure, delivers to it, and adds up", async function () {
    needs(this, openSearchMissing());
    node = await startOpenSearch({});
    const args = ["-r", "./register.cjs", "local/demo.ts", "2000", "--json", "--opensearch", node.url];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const { published, indexed, failed, total, bye, hello, backedUp } = JSON.parse(stdout);
    const there = await (await fetch(`${node.url}/example-*/_count`)).json();
    assert.deepEqual(
      { published, indexed, failed, backedUp, bye, hello, total, there: (there as { count: number }).count },
      {
        published: 2000,
        indexed: 2000,
        failed: 0,
        backedUp: 2000,
        bye: 2000,
        hello: 0,
        total: 2000,
        there: 2000,
      },
    );
  });
});
