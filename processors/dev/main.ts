/**
 * `npm run dev -- processor NAME`: runs a processor's fixtures and a sample of the last backup, and again at each
 * save; `--once` runs them once, exit code 1 where a fixture's record became something else; `--write` writes what
 * became of them into the `.out.jsonl` files, for review.
 */
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { processorChain } from "../index";
import { fixturesFolder } from "./fixtures";

const registerProgram = join(__dirname, "../../register-program.cjs");

/** Editors write a file in several steps. */
const quietMs = 150;

function main([what, name, ...options]: string[]): void {
  const problem =
    what !== "processor" || !name
      ? "Usage: npm run dev -- processor NAME [--once | --write]"
      : processorChain(name);
  if (typeof problem === "string" || !name) {
    process.stderr.write(`${typeof problem === "string" ? problem : ""}\n`);
    process.exitCode = 2;
    return;
  }
  const write = options.includes("--write");
  const run = createRun(write ? [name, "--write"] : [name]);
  if (write || options.includes("--once")) {
    run((code) => {
      process.exitCode = code;
    });
    return;
  }
  let timer: NodeJS.Timeout | undefined;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      process.stdout.write(`\n--- ${new Date().toTimeString().slice(0, 8)}\n`);
      run(() => {});
    }, quietMs);
  };
  for (const folder of [join(__dirname, ".."), fixturesFolder]) watch(folder, { recursive: true }, again);
  run(() => {});
  process.stdout.write("Runs again at each save; Ctrl-C ends.\n");
}

/** Starts a run in a process of its own, which has the saved files; one that is still busy is ended first. */
function createRun(args: readonly string[]): (done: (code: number) => void) => void {
  let busy: ReturnType<typeof spawn> | undefined;
  return (done) => {
    busy?.kill();
    const child = spawn(process.execPath, ["-r", registerProgram, join(__dirname, "try.ts"), ...args], {
      stdio: "inherit",
    });
    busy = child;
    child.once("exit", (code) => {
      if (busy === child) busy = undefined;
      done(code ?? 1);
    });
    child.once("error", (error) => process.stderr.write(`${error.message}\n`));
  };
}

main(process.argv.slice(2));
