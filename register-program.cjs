/**
 * Compiles the program (index.ts and what it imports) as Pulumi does it, by ts-node: the text of a closure is this
 * compiler's output, to the byte. Its answers are kept, so that TypeScript's compiler is loaded only after a change.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, join } = require("node:path");
const { compiledOnce, mapTraces } = require("./compiled-files.cjs");

/** What the output depends on beside a file's name and text. */
const compiler = [
  require("typescript/package.json").version,
  require("ts-node/package.json").version,
  readFileSync(join(__dirname, "tsconfig.json"), "utf8"),
];

let service;

/** @param {string} file path of a TypeScript file @returns {string} its JavaScript, CommonJS */
exports.compile = (file) => {
  const source = readFileSync(file, "utf8");
  // The name alone: the source map then says "beside this module", in whatever folder the checkout lies.
  const name = basename(file);
  return compiledOnce("ts-node", [name, source, compiler], () => {
    service ??= require("ts-node").create();
    return service.compile(source, name);
  });
};

// Under mocha, what compiles is there already.
if (!Module._extensions[".ts"]) {
  mapTraces();
  Module._extensions[".ts"] = (module, file) => module._compile(exports.compile(file), file);
}
