/** What Pulumi compiles the program with: the answers of TypeScript's compiler, kept. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { create } from "ts-node";
import { parseConfigFileTextToJson } from "typescript";

const root = join(__dirname, "../..");

describe("ts-node with the transpiler of tsconfig.json", () => {
  const ours = create({ cwd: root });
  const { config } = parseConfigFileTextToJson(
    "tsconfig.json",
    readFileSync(join(root, "tsconfig.json"), "utf8"),
  );
  const theirs = create({
    cwd: root,
    skipProject: true,
    transpileOnly: true,
    compilerOptions: config.compilerOptions,
  });

  it("is the one that the program is compiled with", () => {
    assert.equal(ours.options.transpiler, "./program-transpiler.cjs");
    assert.equal(theirs.options.transpiler, undefined);
  });

  it("gives each file of the program as ts-node does without it, the first time and again", () => {
    const files = globSync("{index.ts,{infra,processors,firehose}/**/*.ts}", { cwd: root });
    assert.ok(files.length > 100);
    for (const file of files) {
      const path = resolve(root, file);
      // A text that nobody has compiled yet.
      const source = `${readFileSync(path, "utf8")}\nexport const compiledAnew = "${randomUUID()}";\n`;
      const expected = theirs.compile(source, path);
      assert.equal(ours.compile(source, path), expected, file);
      assert.equal(ours.compile(source, path), expected, file);
    }
  });

  it("says of a file that cannot be read what ts-node says", () => {
    const path = resolve(root, "infra/broken.ts");
    const message = (service: typeof ours) => {
      try {
        return service.compile("let x = ;", path);
      } catch (error) {
        return (error as Error).message;
      }
    };
    assert.match(message(ours), /broken\.ts.*TS1109/);
    assert.equal(message(ours), message(theirs));
  });
});
