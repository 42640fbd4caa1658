import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findInputs } from "../../../publisher/records/find-inputs";

describe("publisher/records/find-inputs", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "find-"));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  const put = (...names: string[]) => {
    for (const name of names) writeFileSync(join(dir, name), `${name}\n`);
  };

  /** What is found, by names within the folder. */
  function find(...paths: string[]) {
    const problems: string[] = [];
    const notes: string[] = [];
    const short = (text: string) => text.replaceAll(`${dir}/`, "").replaceAll(dir, "the folder");
    const inputs = findInputs(paths, {
      onProblem: (text) => problems.push(short(text)),
      onNote: (text) => notes.push(short(text)),
    });
    return { inputs: inputs.map(({ path }) => short(path)), problems, notes };
  }

  it("tells a dangling link in a folder and finds what stands beside it [C22]", () => {
    put("a.log", "c.log");
    symlinkSync("nowhere/gone.log", join(dir, "b.log"));

    const { inputs, problems } = find(dir);

    deepStrictEqual(inputs, ["a.log", "c.log"]);
    strictEqual(problems.length, 1);
    match(problems[0] ?? "", /^b\.log: ENOENT.*; nothing of it was sent$/);
  });

  it("tells a file that is gone beside one that is there [C22]", () => {
    put("good.log");

    const { inputs, problems } = find(join(dir, "good.log"), join(dir, "gone.log"));

    deepStrictEqual([inputs, problems.length], [["good.log"], 1]);
  });

  it("tells what is a link to itself, a path through a file, a name that is too long [C22]", () => {
    put("a.log");
    symlinkSync("loop", join(dir, "loop"));

    const { inputs, problems } = find(dir, join(dir, "a.log", "x"), join(dir, "n".repeat(300)));

    deepStrictEqual([inputs, problems.length], [["a.log"], 3]);
  });

  it("refuses as wrong usage where nothing that was named is there [C22]", () => {
    throws(() => find(join(dir, "none"), join(dir, "none, too")), {
      message: /^cannot read .*none: ENOENT/,
      exitCode: 2,
    });
  });

  it("finds a folder that a link leads back to once [C22]", () => {
    put("a.log");
    symlinkSync(".", join(dir, "self"));
    mkdirSync(join(dir, "deep"));
    symlinkSync("..", join(dir, "deep", "up"));

    const { inputs, problems, notes } = find(dir);

    deepStrictEqual([inputs, problems], [["a.log"], []]);
    deepStrictEqual(notes, [
      "deep/up: is the folder, which is sent once",
      "self: is the folder, which is sent once",
    ]);
  });

  it("finds each file once: beside its link, its hard link, named twice, its folder named twice [C23]", () => {
    put("app-2026-11-28.log");
    symlinkSync("app-2026-11-28.log", join(dir, "app.log"));
    linkSync(join(dir, "app-2026-11-28.log"), join(dir, "hard.log"));

    const { inputs, notes } = find(dir, dir, join(dir, "app.log"), "-", "-");

    deepStrictEqual(inputs, ["app-2026-11-28.log", "-"]);
    deepStrictEqual(notes, [
      "app.log: is app-2026-11-28.log, which is sent once",
      "hard.log: is app-2026-11-28.log, which is sent once",
      "the folder: is the folder, which is sent once",
      "app.log: is app-2026-11-28.log, which is sent once",
      "standard input: is standard input, which is sent once",
    ]);
  });

  it("tells files of the same content apart [C23]", () => {
    writeFileSync(join(dir, "a.log"), "x\n");
    writeFileSync(join(dir, "b.log"), "x\n");

    deepStrictEqual(find(dir).inputs, ["a.log", "b.log"]);
  });

  it("leaves out what is no regular file in a folder, and does not open it [C23]", async () => {
    put("a.log", "d.log");
    execFileSync("mkfifo", [join(dir, "b.fifo")]);
    symlinkSync("/dev/zero", join(dir, "c.zero"));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(dir, "c.sock"), resolve));

    const { inputs, problems, notes } = find(dir);
    await new Promise((resolve) => server.close(resolve));

    deepStrictEqual([inputs, problems], [["a.log", "d.log"], []]);
    deepStrictEqual(notes, [
      "b.fifo: a pipe (FIFO), left out",
      "c.sock: a socket, left out",
      "c.zero: a device, left out",
    ]);
  });

  it("takes a pipe that was named itself [C23]", () => {
    execFileSync("mkfifo", [join(dir, "b.fifo")]);

    deepStrictEqual(find(join(dir, "b.fifo")).inputs, ["b.fifo"]);
  });
});
