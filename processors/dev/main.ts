/** `npm run dev -- processor NAME`: what arguments.ts says of it. */
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { readArguments } from "./arguments";
import { fixturesFolder } from "./fixtures";

const registerProgram = join(__dirname, "../../register-program.cjs");

/** Editors write a file in several steps. */
const quietMs = 150;

function main(argv: readonly string[]): void {
  const asked = readArguments(argv);
  if ("text" in asked) {
    (asked.exitCode === 0 ? process.stdout : process.stderr).write(asked.text);
    process.exitCode = asked.exitCode;
    return;
  }
  const { name, once, write } = asked;
  const run = createRun(write ? [name, "--write"] : [name]);
  if (write || once) {
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
