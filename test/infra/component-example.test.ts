/** The example of docs/component.md, as it stands there. */
import assert from "node:assert/strict";
import * as ts from "typescript";
import * as components from "../../infra";
import { refuseCopies } from "../../infra/one-pulumi";
import { evaluateProgram, type Inputs, readRoot } from "./evaluate";

const page = readRoot("docs/component.md");
const part = page.slice(page.indexOf("<!-- example: begin"), page.indexOf("<!-- example: end"));
const example = /```ts\n([\s\S]*?)```/.exec(part)![1]!;

function runExample(): Inputs {
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports: Inputs = {};
  const load = (name: string) => {
    assert.equal(name, "firehose-opensearch");
    return components;
  };
  new Function("require", "exports", outputText)(load, exports);
  return exports;
}

describe("the example of docs/component.md", () => {
  it("makes two streams on one domain, with a dashboard each", async () => {
    const program = await evaluateProgram(runExample);
    const streams = program.all("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream");
    assert.deepEqual(program.outputs["streams"].sort(), streams.map(({ inputs }) => inputs["name"]).sort());
    assert.equal(program.all("aws:opensearch/domain:Domain").length, 1);
    assert.equal(new Set(program.outputs["dashboards"]).size, 2);
    assert.match((await program.archive("orders-processor"))["__index.js"]!, /message: record\.text/);
  });

  it("is 15 lines at the most", () => {
    assert.ok(example.trim().split("\n").length <= 15);
  });
});

describe("two copies of Pulumi", () => {
  const at = (folder: string, name: string) => `${folder}/node_modules/@pulumi/${name}/index.js`;

  it("are refused in one sentence: which, where they are, what to do", () => {
    const loaded = [
      at("/shop", "pulumi"),
      at("/shop/node_modules/firehose-opensearch", "pulumi"),
      at("/shop", "aws"),
    ];
    assert.throws(
      () => refuseCopies(loaded),
      /2 copies of @pulumi\/pulumi.*: \/shop\/node_modules\/@pulumi\/pulumi, \/shop\/.*npm dedupe/,
    );
    assert.throws(() => refuseCopies([at("/a", "aws"), at("/b", "aws")]), /2 copies of @pulumi\/aws/);
  });

  it("are not what one copy of each is, with all its modules", () => {
    const modules = ["pulumi", "aws"].map((name) => at("/shop", name));
    refuseCopies([...modules, "/shop/node_modules/@pulumi/aws/kinesis/index.js", "/shop/index.js"]);
  });
});
