import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ESLint } from "eslint";

const root = resolve(__dirname, "../..");

/** What the project's own linter says of a text that stands where a processor would. */
async function problemsOf(text: string): Promise<string[]> {
  const eslint = new ESLint({ cwd: root });
  const [result] = await eslint.lintText(text, { filePath: join(root, "processors/map.ts") });
  return result!.messages
    .filter(({ ruleId }) => ruleId === "no-restricted-syntax")
    .map(({ message }) => message);
}

describe("the linter on processors", function () {
  this.timeout(60_000);

  for (const [title, text] of [
    [
      "a built-in destructured at module level [B74]",
      `const { parse } = JSON;\nexport const p = () => parse;`,
    ],
    ["an async generator [B75]", "export async function* lines() { yield 1; }"],
    ["`this` in a handler [B77]", "export const p = { run() { return this; } };"],
    ["a class [B77]", "export class P {}"],
    ["a getter in an object literal [B78]", "export const p = { get x() { return 1; } };"],
    [
      "an object of a built-in class at module level [B78]",
      "const seen = new Map();\nexport const p = () => seen;",
    ],
    [
      "a value of the deployment's environment [B81]",
      `const pw = process.env["PW"];\nexport const p = () => pw;`,
    ],
    [
      "an output's value in the closure [B82]",
      "export const p = (bucket) => () => bucket.id.apply((id) => id);",
    ],
  ] as const) {
    it(`refuses ${title}`, async () => {
      assert.equal((await problemsOf(text)).length, 1);
    });
  }

  it("takes what serializes: factories, constants, regular expressions and node: imports", async () => {
    const text = `import { randomUUID } from "node:crypto";
      const digits = /\\d+/;
      export const p = () => { const { parse } = JSON; return (text) => [parse(text), digits, randomUUID()]; };`;
    assert.deepEqual(await problemsOf(text), []);
  });
});

describe("the compiler", () => {
  it("makes CommonJS of a recent target without import helpers, as serialization needs [B76] [B80]", () => {
    const { type } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.notEqual(type, "module");
    const tsconfig = readFileSync(join(root, "tsconfig.json"), "utf8");
    assert.match(tsconfig, /"module": "commonjs"/);
    assert.match(tsconfig, /"target": "ES2022"/);
    assert.doesNotMatch(tsconfig, /importHelpers/);
  });
});

describe("the test runner", () => {
  it("is mocha in one process, without the isolation and instrumentation that break serialization [B83]", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.ok("mocha" in devDependencies);
    for (const other of ["jest", "vitest", "nyc", "c8"]) assert.equal(other in devDependencies, false, other);
    assert.doesNotMatch(readFileSync(join(root, ".mocharc.yml"), "utf8"), /parallel/);
  });
});
