/**
 * Runs this project's own commands from TypeScript: swc compiles a file in a millisecond, and neither TypeScript's
 * compiler nor ts-node is loaded. The program itself (index.ts) is compiled as Pulumi does it, by ts-node; see
 * local/plan/evaluate-apart.ts.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { compiledOnce, mapTraces } = require("./compiled-files.cjs");

const options = {
  swcrc: false,
  sourceMaps: "inline",
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
};
const { version } = require("@swc/core/package.json");

const parserForm = { output: "source", format: "commonjs" };

/** A grammar becomes its parser: to make one takes as long as a whole start. */
const compileGrammar = (source) =>
  compiledOnce("peggy", [source, require("peggy/package.json").version, parserForm], () =>
    require("peggy").generate(source, parserForm),
  );

/** @param {string} file path of a TypeScript file, or of a grammar @returns {string} its JavaScript, CommonJS */
exports.compile = (file) => {
  const source = readFileSync(file, "utf8");
  if (file.endsWith(".peggy")) return compileGrammar(source);
  // With the path, which the source map names.
  return compiledOnce(
    "swc",
    [file, source, version, options],
    () => require("@swc/core").transformSync(source, { ...options, filename: file }).code,
  );
};

Module._extensions[".peggy"] = (module, file) => module._compile(exports.compile(file), file);

// Under mocha, what compiles is there already.
if (!Module._extensions[".ts"]) {
  mapTraces();
  Module._extensions[".ts"] = (module, file) => module._compile(exports.compile(file), file);
}
