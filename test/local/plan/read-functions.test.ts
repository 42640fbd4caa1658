import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readFunctions } from "../../../local/plan/read-functions";
import { LambdaFunction } from "../../../local/transform/lambda-function";
import { temporaryFolder } from "../fakes";

const { AssetArchive, FileArchive, FileAsset, RemoteArchive, StringAsset } = pulumi.asset;

describe("readFunctions", () => {
  let folder: string;
  beforeEach(function () {
    folder = temporaryFolder(this);
    mkdirSync(join(folder, "lambda"), { recursive: true });
    for (const name of ["code.zip", "code.tgz", "code.rar", "lambda/index.js"])
      writeFileSync(join(folder, name), "");
  });
  const read = async (inputs: object) => {
    const state = { name: "f", arn: "arn:f", qualifiedArn: "arn:f:1" };
    const resource = { type: "aws:lambda/function:Function", name: "f", inputs, state };
    return (await readFunctions([resource], folder)).get("arn:f")!;
  };
  const code = async (archive: unknown) => {
    const fn = await read({ code: archive, handler: "index.handler", runtime: "nodejs22.x" });
    return "why" in fn ? fn.why : typeof fn.code === "string" ? fn.code : fn.code.parts;
  };

  it("takes the text of a serialized function that is its archive alone", async () => {
    const archive = new AssetArchive({ "__index.js": new StringAsset("exports.handler = 1") });
    const fn = await read({ code: archive, handler: "__index.handler", runtime: "nodejs22.x" });
    assert.ok("code" in fn);
    assert.deepEqual([fn.code, fn.handler, fn.timeoutSeconds], ["exports.handler = 1", "handler", 3]);
  });

  it("looks for the SDK of a serialized function among the program's packages where it is not among its own", async () => {
    const serialized = (name: string) =>
      new AssetArchive({
        "__index.js": new StringAsset(`exports.handler = async () => require("@aws-sdk/${name}").name;`),
      });
    mkdirSync(join(folder, "node_modules/@aws-sdk/client-none"), { recursive: true });
    writeFileSync(join(folder, "node_modules/@aws-sdk/client-none/index.js"), "exports.name = 'none';");
    const plan = await read({
      code: serialized("client-none"),
      handler: "__index.handler",
      runtime: "nodejs22.x",
    });
    assert.ok("code" in plan);
    const fn = new LambdaFunction({ plan, logFile: join(folder, "logs/f.log") });
    const reply = await fn.invoke("{}").finally(() => fn.close());

    assert.deepEqual("payload" in reply ? reply.payload : reply, '"none"');
    assert.equal(typeof (await code(serialized("client-firehose"))), "string");
  });

  it("takes folders, packed archives and files by their paths in the program's folder", async () => {
    const at = (name: string): string => join(folder, name);
    assert.deepEqual(await code(new FileArchive("lambda")), [{ kind: "folder", at: "", path: at("lambda") }]);
    assert.deepEqual(await code(new FileArchive("./code.zip")), [
      { kind: "zip", at: "", path: at("code.zip") },
    ]);
    const mixed = new AssetArchive({
      "__index.js": new StringAsset("text"),
      "lib/one.js": new FileAsset("lambda/index.js"),
      inner: new AssetArchive({ packed: new FileArchive("code.tgz") }),
    });
    assert.deepEqual(await code(mixed), [
      { kind: "text", at: "__index.js", text: "text" },
      { kind: "file", at: "lib/one.js", path: at("lambda/index.js") },
      { kind: "tar", at: "inner/packed", path: at("code.tgz") },
    ]);
  });

  it("says why a function cannot run here", async () => {
    const why = async (inputs: object): Promise<string> => {
      const fn = await read(inputs);
      return "why" in fn ? fn.why : "";
    };
    assert.match(await why({ runtime: "python3.12" }), /runs on python3\.12; allowed here is nodejs/);
    assert.match(await why({ packageType: "Image" }), /container image/);
    assert.match(await why({ runtime: "nodejs22.x", s3Bucket: "code" }), /in the bucket code/);
    assert.match(
      String(await code(new RemoteArchive("https://example.com/a.zip"))),
      /https:\/\/example\.com/,
    );
    assert.match(String(await code(new FileArchive("dist"))), /not there: .*dist\. Build it first/);
    assert.match(String(await code(new FileArchive("code.rar"))), /unknown kind/);
  });
});
