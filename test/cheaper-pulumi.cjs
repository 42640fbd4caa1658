/**
 * Pulumi's serializer is asked for the same functions in each of a hundred evaluations. Here it reads a text, a
 * function's scopes and the list of modules once in a process: what is emitted is the same to the byte.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const { compileFunction } = require("node:vm");

const serializer = "@pulumi/pulumi/runtime/closure";

/** Stands for a module of Pulumi's; nothing of it is loaded before it is asked: most tests need no compiler. */
function standIn(file, exports) {
  const module = new Module(file);
  module.loaded = true;
  module.exports = exports;
  require.cache[file] = module;
}

function once(make) {
  let made;
  return () => (made ??= make());
}

// The text of a function: parsed once.

const typescript = once(() => require("typescript"));
const parsed = new Map();

/** As createSourceFile of TypeScript; the trees are only read. */
function parseOnce(name, text, ...more) {
  const key = JSON.stringify([name, text, ...more]);
  const tree = parsed.get(key) ?? typescript().createSourceFile(name, text, ...more);
  parsed.set(key, tree);
  return tree;
}

standIn(
  require.resolve("@pulumi/pulumi/typescript-shim"),
  new Proxy({}, { get: (_, name) => (name === "createSourceFile" ? parseOnce : typescript()[name]) }),
);

// The scopes of a function, and where it stands: asked of the inspector once, whose handles are given back. Pulumi asks
// for each name that a function captures, and keeps each handle, with all that hangs on it, until the process ends.

const inspectorFile = require.resolve(`${serializer}/v8`);
const inspector = once(() => {
  const module = new Module(inspectorFile, require.main);
  module.load(inspectorFile);
  return module.exports;
});
const hooks = once(() => require(`${serializer}/v8Hooks`));

const slot = "__functionOfTheSerializer";
const seen = new WeakMap();

/** @returns {Promise<{ scopes: object, location: object } | undefined>} nothing where the function is no usual one */
async function lookInto(func) {
  const session = await hooks().getSessionAsync();
  if (!seen.has(func)) seen.set(func, inspect(session, func));
  return seen.get(func);
}

/** Within one turn: the inspector of one's own thread answers at once. */
function inspect(session, func) {
  const ask = (method, parameters) => {
    let answer;
    session.post(method, parameters, (error, result) => {
      answer = error ? undefined : result;
    });
    return answer;
  };
  globalThis[slot] = func;
  try {
    const { result } = ask("Runtime.evaluate", { expression: `globalThis.${slot}`, objectGroup: slot }) ?? {};
    const inner = ask("Runtime.getProperties", { objectId: result?.objectId })?.internalProperties ?? [];
    const inside = (name) => inner.find((property) => property.name === name)?.value;
    const place = inside("[[FunctionLocation]]")?.value;
    const objectId = inside("[[Scopes]]")?.objectId;
    if (!place || !objectId) return undefined;
    const functionDeclaration = `function () { globalThis.${slot} = this; }`;
    ask("Runtime.callFunctionOn", { objectId, functionDeclaration, objectGroup: slot });
    const file = hooks().getScriptUrl(place.scriptId) || "";
    const location = { file, line: place.lineNumber || 0, column: place.columnNumber || 0 };
    return globalThis[slot] === func ? undefined : { scopes: globalThis[slot], location };
  } finally {
    delete globalThis[slot];
    ask("Runtime.releaseObjectGroup", { objectGroup: slot });
  }
}

standIn(inspectorFile, {
  __esModule: true,
  getBoundFunction: (func) => inspector().getBoundFunction(func),
  getFunctionLocationAsync: async (func) =>
    (await lookInto(func))?.location ?? inspector().getFunctionLocationAsync(func),
  lookupCapturedVariableValueAsync: async (func, name, throwOnFailure) => {
    const known = await lookInto(func);
    for (let i = 0; i < (known?.scopes.length ?? 0); i++) {
      const { object } = known.scopes[i];
      if (object && name in object) return object[name];
    }
    return inspector().lookupCapturedVariableValueAsync(func, name, throwOnFailure);
  },
});

// Which module an object is: looked up, instead of comparing it with what each of two thousand modules exports.

const closureFile = require.resolve(`${serializer}/createClosure`);
const walk = "for (const path of Object.keys(require.cache)) {";

let pathOf;
const { load } = Module.prototype;
Module.prototype.load = function (file) {
  try {
    return load.call(this, file);
  } finally {
    pathOf = undefined;
  }
};

/** The only path that can be the module's: of several with the same exports the first, as in the walk. */
function pathsOf(exported) {
  if (!pathOf) {
    pathOf = new Map();
    for (const [path, module] of Object.entries(require.cache)) {
      if (module && !pathOf.has(module.exports)) pathOf.set(module.exports, path);
    }
  }
  const path = pathOf.get(exported);
  return path === undefined ? [] : [path];
}

const closure = once(() => {
  const text = readFileSync(closureFile, "utf8");
  if (text.split(walk).length !== 2) throw new Error(`${closureFile} looks for modules in another way now.`);
  const parameters = ["exports", "require", "module", "__filename", "__dirname", "pathsOf"];
  const run = compileFunction(text.replace(walk, "for (const path of pathsOf(target)) {"), parameters, {
    filename: closureFile,
  });
  const module = new Module(closureFile, require.main);
  const from = Module.createRequire(closureFile);
  run(module.exports, from, module, closureFile, dirname(closureFile), pathsOf);
  return module.exports;
});

standIn(closureFile, {
  __esModule: true,
  createClosureInfoAsync: (...given) => closure().createClosureInfoAsync(...given),
});
