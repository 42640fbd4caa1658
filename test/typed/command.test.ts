import { strict as assert } from "node:assert";
import { typedCommand } from "../../typed/command";

describe("a command that a person is told", () => {
  const { FIREHOSE_OPENSEARCH_PROJECT: before } = process.env;
  afterEach(() => {
    if (before === undefined) delete process.env["FIREHOSE_OPENSEARCH_PROJECT"];
    else process.env["FIREHOSE_OPENSEARCH_PROJECT"] = before;
  });

  it("is an npm script in a checkout, with -- before its flags", () => {
    delete process.env["FIREHOSE_OPENSEARCH_PROJECT"];
    assert.equal(typedCommand("start", ""), "npm start --");
    assert.equal(typedCommand("replay"), "npm run replay");
    assert.equal(typedCommand("publish", "--file -"), "npm run publish -- --file -");
  });

  it("is the package's in the folder of a program", () => {
    process.env["FIREHOSE_OPENSEARCH_PROJECT"] = "/shop";
    assert.equal(typedCommand("publish"), "npx firehose-opensearch publish");
    assert.equal(typedCommand("publish", ""), "npx firehose-opensearch publish");
    assert.equal(typedCommand("publish", "--file -"), "npx firehose-opensearch publish --file -");
  });
});
