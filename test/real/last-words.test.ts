/** What a run of tests says for who sees only its end: `.ci/run` prints it. */
import { deepEqual, equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

describe("the last words of a run of tests", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "last-words-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function wordsOf(name: string, body: string) {
    writeFileSync(
      join(folder, `${name}.cjs`),
      `describe("a suite", () => { it("${name}", () => { ${body} }); });`,
    );
    const file = join(folder, `${name}.words`);
    const mocha = join(root, "node_modules/mocha/bin/mocha.js");
    const { status, signal } = spawnSync(process.execPath, [mocha, "--no-config", `${name}.cjs`], {
      cwd: folder,
      env: {
        ...process.env,
        MOCHA_OPTIONS: `--reporter ${join(root, "test/last-words.cjs")}`,
        LAST_WORDS: file,
        LAST_WORDS_SILENCE_MS: "3000",
      },
    });
    return { status, signal, words: readFileSync(file, "utf8") };
  }

  it("name a test that fails, and say why in the same line", () => {
    const { status, words } = wordsOf("fails", 'throw new Error("two\\nlines")');

    deepEqual([status, words], [1, "fails.cjs a suite fails: two lines\n"]);
  });

  it("name the test in which all hangs, and end it", () => {
    const { signal, words } = wordsOf("hangs", "for (;;);");

    equal(signal, "SIGKILL");
    equal(words, "HANGS: nothing in 0.05 minutes since a suite hangs\n");
  });
});
