import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ESLint } from "eslint";

const root = resolve(__dirname, "../..");

/** The project's own linter, without the rules that need types: they would cost a second for each text. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ["**/*.ts"],
      languageOptions: { parserOptions: { projectService: false } },
      rules: {
        "@typescript-eslint/no-floating-promises": "off",
        "@typescript-eslint/no-misused-promises": "off",
        "@typescript-eslint/await-thenable": "off",
      },
    },
  ],
});

/** What the linter says of a text that stands in this file. */
async function problemsOf(text: string, file: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  return result!.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const traps: Readonly<Record<string, string>> = {
  "a built-in destructured at module level [B74]": `const { parse } = JSON; export const p = () => parse;`,
  "a built-in destructured and exported at module level": "export const { parse } = JSON;",
  "a list destructured at module level":
    "const [first] = process.argv.slice(2); export const p = () => first;",
  "an async generator [B75]": "export async function* lines() { yield 1; }",
  "an async generator in an expression": "export const lines = async function* () { yield 1; };",
  "`this` in a handler [B77]": "export const p = { run() { return this; } };",
  "an assignment that TypeScript 3.8 cannot read": "export const p = (x) => { x.y ??= 1; return x; };",
  "a class [B77]": "export class P {}",
  "a class in an expression": "export const p = () => class {};",
  "a getter in an object literal [B78]": "export const p = { get x() { return 1; } };",
  "a setter in an object literal": "export const p = { set x(_value) {} };",
  "an object of a built-in class at module level [B78]":
    "const seen = new Map();\nexport const p = () => seen;",
  "an exported object of a built-in class at module level": "export const seen = new Set();",
  "an object of a built-in class inside another at module level":
    "export const state = { decoder: new TextDecoder(), n: 1 };",
  "a value of the deployment's environment [B81]": `const pw = process.env["PW"];\nexport const p = () => pw;`,
  "a value of the deployment's environment inside an object":
    "export const options = { level: process.env.LEVEL };",
  "an output's value in the closure [B82]": "export const p = (bucket) => () => bucket.id.apply((id) => id);",
  "Date.now() at module level": "const started = Date.now();\nexport const p = () => started;",
  "Date.now() inside an exported object": "export const state = { started: Date.now() };",
  "Date.now taken along at module level": "export const clock = Date.now;",
  "performance.now() at module level": "export const started = performance.now();",
  "new Date() at module level": "export const started = new Date();",
  "new Date() inside a call at module level": "export const day = String(new Date());",
  "Date() at module level": "export const started = Date();",
  "Math.random() at module level": "const salt = Math.random();\nexport const p = () => salt;",
  "randomUUID() at module level":
    'import { randomUUID } from "node:crypto";\nexport const run = randomUUID();',
  "a random value by way of the module":
    'import * as c from "node:crypto";\nexport const run = c.randomUUID();',
  "a variable at module level": "let last = 0;\nexport const p = () => last;",
  "a counter in an object at module level": "const seen = { n: 0 };\nexport const p = () => { seen.n++; };",
  "a list at module level that grows":
    "const seen: string[] = [];\nexport const p = (id: string) => seen.push(id);",
  "an assignment below an object at module level":
    "const seen: any = { a: {} };\nexport const p = () => { seen.a.b = 1; };",
  "a key of an object at module level that goes":
    "const seen: any = {};\nexport const p = () => delete seen.a;",
};

describe("the linter on what is serialized", () => {
  for (const [title, text] of Object.entries(traps)) {
    it(`refuses ${title}`, async () => {
      const problems = await problemsOf(text, "processors/map.ts");
      assert.match(problems.join("\n"), /^(no-restricted-syntax|closure\/no-module-state): /m);
    });
  }

  for (const folder of ["processors", "processors/json", "infra/domain-call", "firehose"]) {
    it(`looks into ${folder}/`, async () => {
      const text = "export const started = Date.now();";
      assert.equal((await problemsOf(text, `${folder}/new.ts`)).length, 1);
    });
  }

  it("refuses a name that is not the factory's own where it is used for each record", async () => {
    for (const use of ["text === undefined", "Math.max(text, 1)", "JSON.parse(text)", "lines(text)"]) {
      const text = `const lines = (n) => n;\nexport const p = () => (text) => ${use};`;
      assert.match((await problemsOf(text, "processors/map.ts")).join("\n"), /^closure\/no-slow-name: /);
      const inFactory = `const lines = (n) => n;\nexport const p = (text) => { const all = ${use}; return () => all; };`;
      assert.deepEqual(await problemsOf(inFactory, "processors/map.ts"), []);
    }
  });

  it("leaves alone what runs at deployment only", async () => {
    for (const file of ["infra/new.ts", "processors/dev/new.ts"]) {
      assert.deepEqual(await problemsOf("export const started = Date.now();", file), []);
    }
  });

  it("takes what serializes: factories, constants, regular expressions and node: imports", async () => {
    const text = `import { randomUUID } from "node:crypto";
      const digits = /\\d+/;
      const usual = { level: "info" };
      export const p = () => {
        const { parse } = JSON;
        const seen = new Map();
        let count = 0;
        return (text) => {
          count++;
          seen.set(text, { at: Date.now(), day: new Date(), chance: Math.random() });
          const mine = { ...usual };
          mine.level = "debug";
          return [parse(text), digits, randomUUID(), process.env["LEVEL"], mine, count];
        };
      };`;
    // Slowly, where it is used for each record.
    assert.deepEqual(await problemsOf(text, "firehose/new.ts"), []);
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
  it("is mocha, without the isolation and instrumentation that break serialization [B83]", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.ok("mocha" in devDependencies);
    for (const other of ["jest", "vitest", "nyc", "c8"]) assert.equal(other in devDependencies, false, other);
  });
});
