/** `npm run dev -- processor NAME` as it runs in a terminal, a process for each save: in a copy of the checkout, which the test may save into. */
import { equal, match, ok } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { until } from "../until";

const root = resolve(__dirname, "../..");

describe("npm run dev -- processor NAME", () => {
  let copy: string;
  let child: ChildProcess | undefined;
  let shown = "";

  before(() => {
    copy = mkdtempSync(join(tmpdir(), "dev-watch-"));
    for (const part of [
      "processors",
      "firehose",
      "package.json",
      "tsconfig.json",
      "compiled-files.cjs",
      "register.cjs",
      "register-program.cjs",
      "program-transpiler.cjs",
    ]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const registry = readFileSync(join(copy, "processors/index.ts"), "utf8");
    save(
      "processors/index.ts",
      `import { shout } from "./shout";\n${registry.replace("  identity:", "  shout: { create: shout },\n  identity:")}`,
    );
    save("processors/shout.ts", shout("toUpperCase()"));
    save("test/processors/fixtures/shout/words.in.txt", "hello\nworld\n");
    save("test/processors/fixtures/shout/words.out.jsonl", documents("HELLO", "WORLD"));
    save(".local/dev/s3/bucket/raw/object", "from the backup\n");
  });
  afterEach(async () => {
    const ended = new Promise((done) => child?.once("close", done));
    if (child?.kill()) await ended;
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  const save = (file: string, text: string): void => {
    mkdirSync(join(copy, file, ".."), { recursive: true });
    writeFileSync(join(copy, file), text);
  };
  const shout = (how: string): string => `import type { ProcessorFactory } from "./handler";
export const shout: ProcessorFactory = () => {
  const { stringify } = JSON;
  return (record) => ({ result: "Ok", text: stringify({ said: record.text().${how} }) });
};
`;
  const documents = (...said: string[]): string =>
    said.map((word) => `{"@timestamp":"2026-03-01T12:00:00.000Z","said":"${word}"}\n`).join("");
  const begin = (...args: string[]): ChildProcess => {
    shown = "";
    const main = join(copy, "processors/dev/main.ts");
    child = spawn(process.execPath, ["-r", "./register.cjs", main, "processor", ...args], {
      cwd: copy,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (chunk) => {
        shown += chunk;
      });
    }
    return child;
  };
  /** Waits until what was shown since the last call has this, and gives it. */
  const next = async (expression: RegExp): Promise<string> => {
    await until(
      () => expression.test(shown),
      () => `${expression} in what was shown: ${shown}`,
    );
    const seen = shown;
    shown = "";
    return seen;
  };
  const endOfRun = /FROM THE BACKUP"|from the backup"/;

  it("runs at once, and again at each save, with the documents side by side", async () => {
    begin("shout");
    const first = await next(endOfRun);
    match(first, /Runs again at each save; Ctrl-C ends\./);
    match(first, /ok {4}words: 2 records/);
    match(first, /from the backup +\| \{\n.*\n +\| {3}"said": "FROM THE BACKUP"/);

    save("processors/shout.ts", shout("(("));
    match(await next(/shout\.ts[\s\S]*\n.*rror/), /--- [\d:]+/);

    save("processors/shout.ts", shout("toLowerCase()"));
    const wrong = await next(/WRONG words: 2 records[^]*from the backup"/);
    match(wrong, /--- \d\d:\d\d:\d\d/);
    match(wrong, /WRONG words: 2 records/);
    match(
      wrong,
      /line 2: world\nexpected +\| got\n\{ +\| \{\n.*\n {2}"said": "WORLD" +\| {3}"said": "world"/,
    );

    save("test/processors/fixtures/shout/words.out.jsonl", documents("hello", "world"));
    // A save that takes long is two for the watcher: what it runs between them may come first.
    await next(/--- [\d:]+\nok {4}words: 2 records[^]*from the backup"/);
    equal(child!.exitCode, null);
  });

  it("with --once runs once, exit code 1 where a record became something else", async () => {
    save("processors/shout.ts", shout("trim()"));
    save("test/processors/fixtures/shout/words.out.jsonl", documents("HELLO", "world"));
    const run = begin("shout", "--once");
    equal(await new Promise((done) => run.once("close", done)), 1);
    match(shown, /WRONG words: 2 records\n {2}line 1: hello\n/);
    ok(!shown.includes("line 2"));
  });

  it("names the known processors where there is none of that name", async () => {
    const run = begin("shuot");
    equal(await new Promise((done) => run.once("close", done)), 2);
    match(shown, /"shuot" is no processor; known are shout, identity/);
  });
});
