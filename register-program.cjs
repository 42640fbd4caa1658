/**
 * Compiles the program (index.ts and what it imports) as Pulumi does it, by ts-node: the text of a closure is this
 * compiler's output, to the byte. Its answers are kept, so that TypeScript's compiler is loaded only after a change.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, join } = require("node:path");

const cache = join(__dirname, "node_modules/.cache/ts-node");

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
  const key = createHash("sha256")
    .update(JSON.stringify([name, source, compiler]))
    .digest("hex");
  const kept = join(cache, `${key}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    service ??= require("ts-node").create();
    const code = service.compile(source, name);
    keep(kept, code);
    return code;
  }
};

function keep(file, code) {
  try {
    mkdirSync(cache, { recursive: true });
    // Another process may write the same file: each renames a whole one.
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Where nothing can be written, the next run compiles again.
  }
}

// Under mocha, what compiles is there already.
if (!Module._extensions[".ts"]) {
  process.setSourceMapsEnabled(true);
  Module._extensions[".ts"] = (module, file) => module._compile(exports.compile(file), file);
}
