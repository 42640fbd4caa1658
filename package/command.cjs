#!/usr/bin/env node
/**
 * `npx firehose-opensearch COMMAND …`: this package's commands in the folder of another program. They run on the Node
 * that the package brings, as the local index needs a recent one.
 */
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { scripts, version } = require("../package.json");

const commands = {
  start: "runs the program of this folder on this machine",
  demo: "starts it in a temporary folder, sends N messages, and counts what becomes of them",
  publish: "sends records into a stream",
  replay: "sends failed or backed-up records again",
};

function usage() {
  const lines = Object.entries(commands).map(([name, what]) => `  ${name.padEnd(8)} ${what}`);
  return `Usage: firehose-opensearch COMMAND …\n${lines.join("\n")}\nEach says more with --help. --version tells this package's.\n`;
}

/** What `npm run COMMAND` runs in a checkout, with its flags of Node: the same file, as JavaScript. */
function argumentsOf(name) {
  const [, ...words] = scripts[name].replace(" -r ./register.cjs", "").split(" ");
  const own = words.map((word) =>
    word.endsWith(".ts") ? join(__dirname, "../dist", word.replace(/\.ts$/, ".js")) : word,
  );
  return name === "start" || name === "demo" ? [...own, "--program", process.cwd()] : own;
}

/** The Node that comes with the package, unless it was installed without scripts, which is how it gets there. */
function nodeOf() {
  try {
    return require.resolve("node/bin/node");
  } catch {
    const [major] = process.versions.node.split(".").map(Number);
    if (major >= 24) return process.execPath;
    process.stderr.write(
      `This is Node ${process.versions.node}; the commands need 24, which the package "node" brings. Run: npm rebuild node\n`,
    );
    process.exit(2);
  }
}

function environmentOf(folder) {
  const packages = join(folder, "node_modules");
  const cache = existsSync(packages) ? { NODE_COMPILE_CACHE: join(packages, ".cache/node") } : {};
  // Where publish and replay look for the local run, and for the stack.
  return { ...cache, ...process.env, FIREHOSE_OPENSEARCH_PROJECT: folder };
}

function run(name, rest) {
  const child = spawn(nodeOf(), [...argumentsOf(name), ...rest], {
    stdio: "inherit",
    env: environmentOf(process.cwd()),
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal ? 130 : 1);
  });
}

const [name = "", ...rest] = process.argv.slice(2);
if (Object.hasOwn(commands, name)) run(name, rest);
else if (["-V", "-v", "--version", "version"].includes(name)) process.stdout.write(`${version}\n`);
else if (["", "help", "-h", "--help"].includes(name)) process.stdout.write(usage());
else {
  process.stderr.write(`There is no command ${JSON.stringify(name)}.\n${usage()}`);
  process.exitCode = 2;
}
