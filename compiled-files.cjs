/**
 * What TypeScript files were compiled to, kept from start to start: no compiler is loaded before a file has changed.
 * The same for Node's own compiled code.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const cache = join(__dirname, "node_modules/.cache");

Module.enableCompileCache?.(join(cache, "node"));

/**
 * @param {string} compiler folder of its outputs
 * @param {unknown} input all that the output depends on
 * @param {() => string} compile
 * @returns {string} JavaScript
 */
exports.compiledOnce = (compiler, input, compile) => {
  const key = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  const file = join(cache, compiler, `${key}.js`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    const code = compile();
    keep(file, code);
    return code;
  }
};

function keep(file, code) {
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    // Another process may write the same file: each renames a whole one.
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Where nothing can be written, the next run compiles again.
  }
}

/** Traces in terms of our own files; to read the source maps of all packages takes a tenth of a start. */
exports.mapTraces = () => Module.setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
