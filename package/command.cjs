#!/usr/bin/env node
/**
 * `npx firehose-opensearch COMMAND …`: this package's commands in the folder of another program. They run on the Node
 * that the package brings, as the local index needs a recent one.
 */
const { spawn } = require("node:child_process");
const { join, resolve } = require("node:path");

const root = join(__dirname, "..");
const { scripts } = require("../package.json");

const commands = {
  start: "runs the program of this folder on this machine",
  publish: "sends records into a stream",
  replay: "sends failed or backed-up records again",
};

function usage() {
  const lines = Object.entries(commands).map(([name, what]) => `  ${name.padEnd(8)} ${what}`);
  return `Usage: firehose-opensearch COMMAND …\n${lines.join("\n")}\nEach says more with --help.\n`;
}

/** What `npm run COMMAND` runs in a checkout: flags of Node, then the file. */
function argumentsOf(name) {
  const [, ...words] = scripts[name].split(" ");
  const own = words.map((word) => (/\.(cjs|ts)$/.test(word) ? resolve(root, word) : word));
  return name === "start" ? [...own, "--program", process.cwd()] : own;
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

const [name = "", ...rest] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  const asked = ["", "help", "-h", "--help"].includes(name);
  (asked ? process.stdout : process.stderr).write(usage());
  process.exitCode = asked ? 0 : 2;
} else {
  const child = spawn(nodeOf(), [...argumentsOf(name), ...rest], {
    stdio: "inherit",
    // Where publish and replay look for the local run, and for the stack.
    env: { ...process.env, FIREHOSE_OPENSEARCH_PROJECT: process.cwd() },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal ? 130 : 1);
  });
}
