/** The examples of docs/testing.md, run as they stand. */
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const examples = [
  ...readFileSync(join(root, "docs/testing.md"), "utf8").matchAll(/```ts (\w+)\n(.*?)```/gs),
].map(([, runner = "", code = ""]) => ({ runner, code }));

/** Beside the files of the checkout, where a reader would put it; mocha's own tests end otherwise. */
const fileOf = (runner: string): string => join(root, `example-${runner}-${process.pid}.ts`);

const commands: Readonly<Record<string, (file: string) => string[]>> = {
  mocha: (file) => ["node_modules/mocha/bin/mocha.js", file],
  node: (file) => ["-r", "./register.cjs", "--test", file],
};

describe("the examples of docs/testing.md", function () {
  this.timeout(180_000);

  it("are one for mocha and one for Node's own runner", () => {
    assert.deepEqual(examples.map(({ runner }) => runner).sort(), Object.keys(commands).sort());
  });

  for (const { runner, code } of examples) {
    it(`run with ${runner}, in 15 lines or less`, async () => {
      assert.ok(code.trim().split("\n").length <= 15);
      const file = fileOf(runner);
      writeFileSync(file, code);
      try {
        const said = await new Promise<string>((done) => {
          // A test of Node's own runner inside another one would only report to it.
          const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
          const args = commands[runner]!(file);
          execFile(process.execPath, args, { cwd: root, env }, (error, out, err) =>
            done(`${error === null ? "whole" : "failed"}\n${out}\n${err}`),
          );
        });
        assert.match(said, /^whole\n/, said);
        assert.match(said, /1 passing|pass 1/, said);
      } finally {
        rmSync(file, { force: true });
      }
    });
  }
});
