/**
 * Compiles TypeScript for mocha. The program (index.ts and what it imports) is compiled by ts-node, as Pulumi does it:
 * the text of a closure is the compiler's output, and the tests read that text. What ts-node made is kept between
 * runs. All else is compiled by swc, a hundred times faster.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, relative, sep } = require("node:path");
const { compile } = require("../register.cjs");

const root = join(__dirname, "..");
const cache = join(root, "node_modules/.cache/ts-node");

/** Tests of closures too: they serialize functions of their own. */
const serialized = new Set(["index.ts", "firehose", "processors", "infra"]);
const isSerialized = (file) => {
  const parts = relative(root, file).split(sep);
  return serialized.has(parts[0]) || (parts[0] === "test" && serialized.has(parts[1]));
};

/** What the output depends on beside the source itself. */
const versions = ["package-lock.json", "tsconfig.json"].map((file) => readFileSync(join(root, file), "utf8"));

let service;
const compileAsPulumi = (file) => {
  const source = readFileSync(file, "utf8");
  const key = createHash("sha256")
    .update(JSON.stringify([source, file, versions]))
    .digest("hex");
  const kept = join(cache, `${key}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  service ??= require("ts-node").create();
  const code = service.compile(source, file);
  // Two jobs of mocha may write the same file: each renames a whole one.
  mkdirSync(dirname(kept), { recursive: true });
  const part = `${kept}.${process.pid}`;
  writeFileSync(part, code);
  renameSync(part, kept);
  return code;
};

process.setSourceMapsEnabled(true);
Module._extensions[".ts"] = (module, file) =>
  module._compile(isSerialized(file) ? compileAsPulumi(file) : compile(file), file);
