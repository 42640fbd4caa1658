import { strict as assert } from "node:assert";
import { causesOf } from "../../../local/plan/program-errors";
import type { Project } from "../../../local/plan/project";

const project = { name: "web", folder: "/app", workFolder: "/app" } as Project;
const causes = (...errors: unknown[]): string[] => causesOf(errors, project, []);
const thrownAt = (error: Error, ...stack: string[]): Error =>
  Object.assign(error, { stack: stack.join("\n") });

describe("the errors of a program", () => {
  it("name each cause once, without what Pulumi wraps around it", () => {
    const cause = new Error("no such key");
    const wrapped = new Error(
      'error serializing property "a": error serializing property "b\\"c": no such key',
    );
    assert.deepEqual(causes(cause, cause, wrapped), ["The program fails: no such key"]);
  });

  it("say which setting is missing, and how it is given", () => {
    const error = new Error("Missing required configuration variable 'web:domain'\n\tplease set a value");
    assert.match(causes(error)[0]!, /needs the setting web:domain.*--set domain=VALUE/);
    const other = new Error("Missing required configuration variable 'aws:region'");
    assert.match(causes(other)[0]!, /--set aws:region=VALUE/);
  });

  it("say where in the program it was thrown, not where in a package", () => {
    const error = new TypeError("x is not a function");
    error.stack = [
      "TypeError: x is not a function",
      "    at f (/app/node_modules/left/index.js:1:2)",
      "    at Object.<anonymous> (/app/src/main.ts:12:5)",
      "    at g (/app/index.ts:1:1)",
    ].join("\n");
    assert.deepEqual(causes(error), ["The program fails: x is not a function (src/main.ts:12)"]);
    error.stack = "TypeError: x is not a function\n    at file:///app/main.mjs:3:1";
    assert.deepEqual(causes(error), ["The program fails: x is not a function (main.mjs:3)"]);
  });

  it("say what is made where there is no package.json for the packages of a function", () => {
    const pulumis = Object.assign(new Error("Failed to find package.json."), { __pulumResourceError: true });
    assert.deepEqual(causes(pulumis), [
      "The program's functions cannot be packed: Pulumi reads in package.json which packages go with them, and there is none in /app nor above it. Make one there: npm init -y",
    ]);
  });

  it("leave Pulumi's and the compiler's own words as they are", () => {
    const pulumis = Object.assign(new Error("Settings:\n  a is wrong"), { __pulumiRunError: true });
    const compilers = Object.assign(new Error("index.ts(1,2): error"), { name: "TSError" });
    assert.deepEqual(causes(pulumis, compilers), ["Settings:\n  a is wrong", "index.ts(1,2): error"]);
  });

  it("say what is known already in its own words, once", () => {
    const known = "The program asks AWS for x.";
    assert.deepEqual(causesOf([new Error(known), new Error(`failed: ${known}`)], project, [known]), [known]);
  });

  it("show what is thrown and is no error", () => {
    assert.deepEqual(causes("no", undefined, { code: 7 }), [
      "The program threw 'no'.",
      "The program threw undefined.",
      "The program threw { code: 7 }.",
    ]);
  });

  it("say what was called where a package throws, and what waits for it", () => {
    const missing = thrownAt(
      new Error("Missing required property 'role'"),
      "Error: Missing required property 'role'",
      "    at new Function (/app/node_modules/@pulumi/aws/lambda/function.js:1:2)",
      "    at Object.<anonymous> (/app/index.ts:4:1)",
    );
    assert.deepEqual(
      causesOf([missing], project, [], () => "s (aws:x:Y)"),
      [
        "The program fails: Missing required property 'role' (new Function, index.ts:4), which s (aws:x:Y) waits for",
      ],
    );
  });

  it("say where it cannot be compiled, and where a text cannot be read", () => {
    const compiled = thrownAt(new SyntaxError("Unexpected token ';'"), "/app/index.js:1", "const x = {;");
    const imported = thrownAt(new SyntaxError("no export named 'a'"), "file:///app/main.mjs:3", "import");
    const json = thrownAt(
      new SyntaxError("is not valid JSON"),
      "SyntaxError: x",
      "    at g (/app/index.ts:2:1)",
    );
    assert.deepEqual(causes(compiled, imported, json), [
      "The program fails: Unexpected token ';' (index.js:1)",
      "The program fails: no export named 'a' (main.mjs:3)",
      "The program fails: is not valid JSON (index.ts:2)",
    ]);
    const typed = Object.assign(
      new Error("⨯ Unable to compile TypeScript:\nindex.ts(2,1): error TS1: a.\n"),
      {
        name: "TSError",
      },
    );
    assert.deepEqual(causes(typed), ["index.ts(2,1): error TS1: a."]);
  });

  it("say which module is missing and what to do, in one line", () => {
    const stack = ["Error: x", "    at Object.<anonymous> (/app/lib/a.js:2:1)"];
    const required = "Cannot find module 'left'\nRequire stack:\n- /app/lib/a.js";
    assert.deepEqual(causes(thrownAt(new Error(required), ...stack)), [
      "The program fails: there is no module left (lib/a.js:2). Is it installed? Run: npm install, in /app",
    ]);
    const own = "Cannot find module './stream'\nRequire stack:\n- /app/lib/a.js";
    assert.deepEqual(causes(thrownAt(new Error(own), ...stack)), [
      "The program fails: there is no module ./stream (lib/a.js:2).",
    ]);
    assert.match(
      causes(new Error("Cannot find package 'left' imported from /app/x.mjs"))[0]!,
      /no module left\./,
    );
  });

  it("say of what cannot be serialized whose it is, what it holds and why, without the chain between", () => {
    const error = pulumiError(`Error serializing 'async (e) => send(e)': index.ts(4,31)

'async (e) => send(e)': index.ts(4,31): captured
  variable 'socket' which indirectly referenced
    function '_write': which captured
      'bound', a function defined at
        function 'slice': which could not be serialized because
          it was a native code function.

Function code:
  function () { [native code] }
`);
    const [cause, ...more] = causesOf([error], project, [], () => "transform (aws:lambda/function:Function)");
    assert.equal(
      cause,
      "The function of transform (aws:lambda/function:Function) cannot be written as text for Lambda: 'async (e) => send(e)': index.ts:4 captures variable 'socket', and there something could not be serialized: it was a native code function. Make what it needs inside of it, or require it there.",
    );
    assert.deepEqual(more, []);
    const alone = pulumiError(
      "Error serializing function 'handler'\n\nfunction 'handler': which could not be serialized because\n  arrow function captured 'this'. Assign 'this'.\n\nFunction code:\n  async (e) => this.big\n",
    );
    assert.match(
      causes(alone)[0]!,
      /^The function cannot be .*: function 'handler': arrow function captured 'this'\. Assign 'this'\.$/,
    );
  });

  it("say where a resource was made without a name", () => {
    const error = pulumiError("Missing resource name argument (for URN creation)");
    thrownAt(
      error,
      "Error",
      "    at new Bucket (/app/node_modules/a.js:1:1)",
      "    at g (/app/index.js:2:1)",
    );
    assert.deepEqual(causes(error), [
      "Missing resource name argument (for URN creation) (new Bucket, index.js:2)",
    ]);
  });
});

const pulumiError = (text: string): Error => Object.assign(new Error(text), { __pulumResourceError: true });
