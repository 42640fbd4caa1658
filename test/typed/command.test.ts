import { strict as assert } from "node:assert";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { commandFolder, goWhereTyped, typedCommand } from "../../typed/command";

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

describe("a script of npm", () => {
  const before = process.cwd();
  const typedIn = realpathSync(tmpdir());
  beforeEach(() => process.chdir(commandFolder()));
  after(() => process.chdir(before));

  const folderOf = (env: Record<string, string>): string => {
    goWhereTyped(env);
    return process.cwd();
  };

  it("names files as the folder has them in which it was typed", () => {
    assert.equal(folderOf({ npm_lifecycle_event: "publish", INIT_CWD: typedIn }), typedIn);
  });

  it("stays where it is when no npm, another script, or a process with a folder of its own runs it", () => {
    const root = commandFolder();
    assert.equal(folderOf({ INIT_CWD: typedIn }), root);
    assert.equal(folderOf({ npm_lifecycle_event: "test", INIT_CWD: typedIn }), root);
    assert.equal(folderOf({ npm_lifecycle_event: "publish" }), root);
    process.chdir(typedIn);
    assert.equal(folderOf({ npm_lifecycle_event: "publish", INIT_CWD: before }), typedIn);
  });
});
