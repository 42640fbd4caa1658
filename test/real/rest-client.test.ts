/** OpenSearch's own client for Python, as an application uses it. That for JavaScript: test/local/rest/client.test.ts. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { RestOfTest } from "../local/rest/rest-of-test";
import { needs } from "./needs";

const python = resolve(__dirname, "../../.cache/python/bin/python3");

describe("the search API and OpenSearch's client for Python", () => {
  it("agree on documents, counts, groups and errors", async function () {
    needs(this, existsSync(python) ? undefined : "bash test/real/install.sh has not been run");
    const rest = await new RestOfTest().start();
    try {
      const { stdout } = await promisify(execFile)(python, [join(__dirname, "rest-client.py"), rest.url]);
      const { version, ...read } = JSON.parse(stdout) as { version: string };

      assert.match(version, /^2\.19\./);
      assert.deepEqual(read, {
        ids: ["2", "1", "0"],
        count: 2,
        hosts: [
          ["web-1", 2],
          ["web-2", 1],
        ],
        document: "bye world",
        noIndex: [404, "index_not_found_exception"],
        noScroll: 400,
      });
    } finally {
      await rest.close();
    }
  });
});
