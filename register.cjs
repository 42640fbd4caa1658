/**
 * Runs this project's own commands from TypeScript: swc compiles a file in a millisecond, and neither TypeScript's
 * compiler nor ts-node is loaded. The program itself (index.ts) is compiled as Pulumi does it, by ts-node; see
 * local/plan/evaluate-apart.ts.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

Module.enableCompileCache?.(join(__dirname, "node_modules/.cache/node"));
const { transformSync } = require("@swc/core");

/** @param {string} file path of a TypeScript file @returns {string} its JavaScript, CommonJS */
exports.compile = (file) =>
  transformSync(readFileSync(file, "utf8"), {
    filename: file,
    swcrc: false,
    sourceMaps: "inline",
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
  }).code;

// Under mocha, what compiles is there already.
if (!Module._extensions[".ts"]) {
  process.setSourceMapsEnabled(true);
  Module._extensions[".ts"] = (module, file) => module._compile(exports.compile(file), file);
}
