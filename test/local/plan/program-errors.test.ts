import { strict as assert } from "node:assert";
import { causesOf } from "../../../local/plan/program-errors";
import type { Project } from "../../../local/plan/project";

const project = { name: "web", workFolder: "/app" } as Project;
const causes = (...errors: unknown[]): string[] => causesOf(errors, project, []);

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
    assert.deepEqual(causes("no", undefined), ['The program threw "no".', "The program threw undefined."]);
  });
});
