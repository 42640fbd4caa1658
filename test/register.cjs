/**
 * Compiles TypeScript for mocha: the program, and tests that serialize functions of their own, as Pulumi does it; all
 * else by swc, a hundred times faster.
 */
const Module = require("node:module");
const { join, relative, sep } = require("node:path");
const { compile } = require("../register.cjs");
const program = require("../register-program.cjs");

const root = join(__dirname, "..");
const serialized = new Set(["index.ts", "firehose", "processors", "infra"]);
const isSerialized = (file) => {
  const parts = relative(root, file).split(sep);
  return serialized.has(parts[0]) || (parts[0] === "test" && serialized.has(parts[1]));
};

Module._extensions[".ts"] = (module, file) =>
  module._compile(isSerialized(file) ? program.compile(file) : compile(file), file);
