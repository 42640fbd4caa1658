/**
 * `npm run build`: all that the package runs, as JavaScript in dist/, with the types of what programs and tests import.
 */
const { execFileSync } = require("node:child_process");
const { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, extname, join } = require("node:path");
const ts = require("typescript");
const { compile } = require("../register.cjs");

const root = join(__dirname, "..");
const dist = join(root, "dist");

const folders = ["typed", "firehose", "processors", "log-objects", "infra", "publisher", "local"];
/** A tool for this checkout, with its fixtures. */
const left = join("processors", "dev");
/** What is taken as it is: the page, and how a program's compiled files are kept. */
const asItIs = [join("local", "dashboard", "page"), "compiled-files.cjs"];
/** A parser, under the name that its users ask for. */
const grammar = join("local", "search", "query", "grammar.peggy");

/** Folders whose functions a closure captures: the text of a Lambda function is made of them. */
const captured = ["firehose", "processors", "log-objects", join("infra", "domain-call")];
const isCaptured = (file) => captured.some((folder) => file.startsWith(join(folder, "/")));

/** How a module says to Pulumi that closures hold what they use of it, and not a `require` of it. */
const byValue = "exports.deploymentOnlyModule = true;\n";

/** Each file alone, as the checkout compiles it: thus the same text in Lambda. */
function compileAll() {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true })) {
      const file = join(folder, name);
      if (extname(file) !== ".ts" || file.endsWith(".d.ts") || file.startsWith(left)) continue;
      const source = readFileSync(join(root, file), "utf8");
      const { outputText } = ts.transpileModule(source, { compilerOptions: options, fileName: file });
      const target = join(dist, `${file.slice(0, -".ts".length)}.js`);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, isCaptured(file) ? outputText + byValue : outputText);
    }
  }
}

rmSync(dist, { recursive: true, force: true });
compileAll();
for (const path of asItIs) cpSync(join(root, path), join(dist, path), { recursive: true });
writeFileSync(join(dist, grammar), compile(join(root, grammar)));
execFileSync(
  process.execPath,
  [require.resolve("typescript/lib/tsc.js"), "-p", join(root, "tsconfig.build.json")],
  { cwd: root, stdio: "inherit" },
);
