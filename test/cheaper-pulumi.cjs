/**
 * Pulumi's serializer parses the text of each function that it meets, in each of a hundred evaluations the same ones.
 * Here a text is parsed once in a process: what is emitted is the same to the byte.
 */
const Module = require("node:module");

const shim = require.resolve("@pulumi/pulumi/typescript-shim");
const parsed = new Map();

/** Not loaded before it is asked: most tests need no compiler. */
let compiler;
const typescript = () => (compiler ??= require("typescript"));

/** As createSourceFile of TypeScript; the trees are only read. */
function parseOnce(name, text, ...more) {
  const key = JSON.stringify([name, text, ...more]);
  const tree = parsed.get(key) ?? typescript().createSourceFile(name, text, ...more);
  parsed.set(key, tree);
  return tree;
}

const parser = new Module(shim);
parser.loaded = true;
parser.exports = new Proxy(
  {},
  { get: (_, name) => (name === "createSourceFile" ? parseOnce : typescript()[name]) },
);
require.cache[shim] = parser;
