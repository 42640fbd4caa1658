/** Programs that cannot be evaluated: each says in one line what is wrong with it. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluateApart } from "../../local/plan/evaluate-apart";

const root = join(__dirname, "../..");

describe("a program that is broken", () => {
  let base: string;
  before(() => {
    base = mkdtempSync(join(tmpdir(), "broken-"));
  });
  after(() => rmSync(base, { recursive: true, force: true }));

  for (const [what, files, why] of [
    [
      "holds a promise that nobody settles",
      { "index.js": functionThat("await never", "const never = new Promise(() => {});") },
      /^The program has ended, and transform \(aws:lambda\/function:Function\) and \d+ more are not made: [^\n]+$/,
    ],
    [
      "holds an open connection",
      { "index.js": functionThat("socket.end()", "const socket = new (require('net').Socket)();") },
      /^The function of transform \(aws:.*\) cannot be written as text for Lambda: .* captures variable 'socket'[^\n]+$/,
    ],
    [
      "exports what never comes",
      { "index.js": `${functionThat("event", "")}\nexports.never = new Promise(() => {});` },
      /^The program waits for what never comes: [^\n]+$/,
    ],
    [
      "waits for ever as an ES module",
      { "package.json": '{"type":"module"}', "index.js": "await new Promise(() => {});" },
      /^The program waits for what never comes: [^\n]+$/,
    ],
    [
      "requires what is not installed",
      { "index.ts": 'import pad from "left-padder";\nconsole.error(pad);' },
      /^The program fails: there is no module left-padder \(index\.ts:1\)\. .*npm install[^\n]+$/,
    ],
    [
      "cannot be compiled",
      { "index.js": "const a = {;" },
      /^The program fails: Unexpected token ';' \(index\.js:1\)$/,
    ],
    [
      "has no package.json",
      { "package.json": undefined, "index.js": functionThat("event", "") },
      /^The program's functions cannot be packed: [^\n]+: npm init -y$/,
    ],
    [
      "has a broken package.json",
      { "package.json": "{ nope", "index.js": "" },
      /^\S+package\.json is not valid/,
    ],
  ] as const) {
    it(`says in a line what is wrong: it ${what}`, async () => {
      const folder = join(base, what.replaceAll(" ", "-"));
      mkdirSync(folder);
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
      writeFileSync(join(folder, "Pulumi.yaml"), "name: broken\nruntime: nodejs\n");
      writeFileSync(join(folder, "package.json"), "{}");
      for (const [name, text] of Object.entries(files)) {
        if (text === undefined) rmSync(join(folder, name));
        else writeFileSync(join(folder, name), text);
      }
      await assert.rejects(evaluateApart({ folder }), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(error.message, why);
        return true;
      });
    });
  }

  it("keeps what a wrong flag ends with, though another process has found it", async () => {
    const folder = join(base, "flags");
    mkdirSync(folder);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "Pulumi.yaml"), "name: broken\nruntime: nodejs\n");
    writeFileSync(join(folder, "index.js"), "");
    await assert.rejects(evaluateApart({ folder, set: ["processor"] }), { exitCode: 2 });
  });
});

/** A program whose stream has such a function. */
function functionThat(does: string, holds: string): string {
  return `
const aws = require("@pulumi/aws");
${holds}
const transform = new aws.lambda.CallbackFunction("transform", { callback: async (event) => ${does} });
const parameters = [{ parameterName: "LambdaArn", parameterValue: transform.arn }];
const processingConfiguration = { enabled: true, processors: [{ type: "Lambda", parameters }] };
const extendedS3Configuration = { roleArn: "arn:aws:iam::1:role/r", bucketArn: "arn:aws:s3:::b", processingConfiguration };
new aws.kinesis.FirehoseDeliveryStream("s", { destination: "extended_s3", extendedS3Configuration });
`;
}
