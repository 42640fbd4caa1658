/** What lies beside the text in a function's archive. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageFolders, requiredPackages } from "../../infra/closure-packages";

describe("the packages of a text", () => {
  it("are what it requires or imports, by their names, once each", () => {
    const text = `const a = require("lodash/fp"); require("lodash"); await import('@scope/b/c'); exports.handler = a;`;
    assert.deepEqual(requiredPackages(text), ["lodash", "@scope/b"]);
  });

  it("are not Node's own, nor the SDK that Lambda's runtime has", () => {
    const text = `require("node:crypto"); require("fs/promises"); require("@aws-sdk/client-s3"); require("@smithy/types")`;
    assert.deepEqual(requiredPackages(text), []);
  });

  it("are neither files nor Pulumi, and the error says what to do", () => {
    assert.throws(() => requiredPackages(`require("./shape")`), /"\.\/shape".*Import that file at the top/);
    assert.throws(() => requiredPackages(`require("@pulumi/aws")`), /@pulumi\/aws.*capture the value/);
  });
});

describe("the folders of packages", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "packages-")));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (path: string, manifest: object = {}) => {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, "package.json"), JSON.stringify(manifest));
  };
  const found = (...names: string[]) =>
    Object.fromEntries(
      [...packageFolders(names, folder)].map(([path, one]) => [path, one.slice(folder.length + 1)]),
    );

  it("are those of what a package depends on, and of nothing else that is installed", () => {
    put("node_modules/a", { dependencies: { b: "1" }, devDependencies: { d: "1" } });
    put("node_modules/b", { dependencies: { a: "1" }, peerDependencies: { missing: "1" } });
    put("node_modules/d");
    put("node_modules/program-only");
    assert.deepEqual(found("a"), { "node_modules/a": "node_modules/a", "node_modules/b": "node_modules/b" });
    assert.deepEqual(found(), {});
  });

  it("come with the package that holds them, whose own needs are looked up from there", () => {
    put("node_modules/a", { dependencies: { b: "2" } });
    put("node_modules/a/node_modules/b", { dependencies: { c: "1", e: "1" } });
    put("node_modules/a/node_modules/e", { dependencies: { b: "2" } });
    put("node_modules/b");
    put("node_modules/c");
    assert.deepEqual(found("a"), { "node_modules/a": "node_modules/a", "node_modules/c": "node_modules/c" });
  });

  it("are found through the links of a store, and two versions of one lie apart", () => {
    const store = (name: string, version: string) => `node_modules/.store/${name}@${version}/node_modules`;
    const link = (at: string, to: string) => {
      mkdirSync(dirname(join(folder, at)), { recursive: true });
      symlinkSync(join(folder, to), join(folder, at));
    };
    put(`${store("a", "1")}/a`, { dependencies: { c: "1", b: "1" } });
    put(`${store("b", "1")}/b`, { dependencies: { c: "2" } });
    put(`${store("c", "1")}/c`);
    put(`${store("c", "2")}/c`);
    link("node_modules/a", `${store("a", "1")}/a`);
    link(`${store("a", "1")}/b`, `${store("b", "1")}/b`);
    link(`${store("a", "1")}/c`, `${store("c", "1")}/c`);
    link(`${store("b", "1")}/c`, `${store("c", "2")}/c`);
    assert.deepEqual(found("a"), {
      "node_modules/a": `${store("a", "1")}/a`,
      "node_modules/c": `${store("c", "1")}/c`,
      "node_modules/b": `${store("b", "1")}/b`,
      "node_modules/b/node_modules/c": `${store("c", "2")}/c`,
    });
  });

  it("are an error where a package is not installed: which, for whom, what to do", () => {
    put("node_modules/a", { dependencies: { gone: "1" } });
    assert.throws(() => found("none"), /A processor requires the package none.*npm install none/);
    assert.throws(() => found("a"), /The package a requires the package gone/);
  });
});
