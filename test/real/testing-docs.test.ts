/** The examples of docs/testing.md as they stand there, beside its program, where the package is installed. */
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { atOurVersion, folderWithPackage } from "./packed";

const page = readFileSync(resolve(__dirname, "../../docs/testing.md"), "utf8");
const blocks = [...page.matchAll(/```(\w+) ([\w.]+)\n(.*?)```/gs)].map(([, , name = "", code = ""]) => ({
  name,
  code,
}));
const examples = blocks.filter(({ name }) => name.includes(".test."));

/** Larger than all that `npm ci` brings, so it is in this folder alone. */
const vitest = "vitest@4.1.12";

const commands: Readonly<Record<string, (file: string) => string[]>> = {
  "mocha.test.mjs": (file) => ["node_modules/mocha/bin/mocha.js", file],
  "node.test.mjs": (file) => ["--test", file],
  "vitest.test.mjs": (file) => ["node_modules/vitest/vitest.mjs", "run", file],
};

describe("the examples of docs/testing.md", () => {
  let folder: string;
  before(async () => {
    folder = await folderWithPackage(atOurVersion("mocha"), vitest);
    for (const { name, code } of blocks) writeFileSync(join(folder, name), code);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("are one for mocha, one for vitest and one for Node's own runner", () => {
    assert.deepEqual(examples.map(({ name }) => name).sort(), Object.keys(commands).sort());
  });

  for (const { name, code } of examples) {
    it(`run: ${name}, in 15 lines or less`, async () => {
      assert.ok(code.trim().split("\n").length <= 15);
      const said = await new Promise<string>((done) => {
        // A test of Node's own runner inside another one would only report to it.
        const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: "1" };
        execFile(process.execPath, commands[name]!(name), { cwd: folder, env }, (error, out, err) =>
          done(`${error === null ? "whole" : "failed"}\n${out}\n${err}`),
        );
      });
      assert.match(said, /^whole\n/, said);
      assert.match(said, /1 passing|pass 1|Tests +1 passed/, said);
    });
  }
});
