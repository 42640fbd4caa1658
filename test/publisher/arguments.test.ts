import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readArguments } from "../../publisher/arguments";

const read = (...args: string[]) => readArguments(["node", "publish", ...args], "/project", 1000);

describe("publisher/arguments", () => {
  it("takes a number of messages, a sample, files", () => {
    deepStrictEqual(read("12").publish.parts, [{ skip: 0, messages: 12 }]);
    deepStrictEqual(read("12", "--sample", "cloudtrail").publish.parts, [
      { skip: 0, messages: 12, sample: "cloudtrail", endMs: 1000 },
    ]);
    deepStrictEqual(read("--file", "a", "-", "--multiline", "--no-newline").publish.parts, [
      { skip: 0, file: ["a", "-"], multiline: true },
    ]);
    deepStrictEqual(read("--file", "a", "--records", ".").publish.parts, [
      { skip: 0, file: ["a"], records: "." },
    ]);
  });

  it("tries for ever where files are followed, unless it is told how long", () => {
    const { follow, timeout, stateDir } = read("--follow", "a.log").publish;

    deepStrictEqual([follow, timeout, stateDir], [[resolve("a.log")], Infinity, "/project/.local/dev"]);
    strictEqual(read("--follow", "a.log", "--timeout", "300").publish.timeout, 300);
    strictEqual(read("1").publish.timeout, 300);
    strictEqual(read("1", "--data", "/elsewhere").publish.stateDir, "/elsewhere");
  });

  const wrong = [
    "",
    "12 --file x",
    "12 --follow x",
    "--file x --follow y",
    "-3",
    "1.5",
    "--rate 0 1",
    "1 --timeout -1",
    "5 --records R",
    "5 --sample none",
    "--sample cloudtrail",
    "5 --local --aws",
    "--file x --sample cloudtrail",
    "5 --multiline",
    "--file x --records R --multiline",
    "--file x --multiline (",
    "--follow -",
    "--continue /none/of/these",
    "5 --since 2026-03-01",
    "5 --dry-run",
    "--file x --since yesterday",
    "--file x --since 2026-03-02 --until 2026-03-01",
  ];
  it("refuses an empty text, which is a variable that is not set", () => {
    const options = ["file", "follow", "continue", "records", "unsent", "stream", "stack", "data", "region"];
    for (const option of options)
      for (const empty of ["", " "])
        throws(() => read("5", `--${option}`, empty), {
          message: `--${option}: got an empty text; allowed: a value, or leave it out`,
          exitCode: 2,
        });
    throws(() => read("--file", "a", ""), { exitCode: 2 });
  });

  for (const args of wrong) {
    it(`refuses as wrong usage: ${args || "nothing"}`, () => {
      throws(
        () => read(...args.split(" ").filter(Boolean)),
        (error: Error & { exitCode?: number }) => {
          // Commander's own errors have 1; the command makes 2 of it.
          return !error.message.includes("\n") && (error.exitCode === 2 || "code" in error);
        },
      );
    });
  }

  it("refuses a file to go on from that is none", () => {
    const dir = mkdtempSync(join(tmpdir(), "arguments-"));
    try {
      for (const text of [
        "",
        "{",
        "null",
        "[]",
        '{"version":2}',
        '{"version":1,"newline":true,"parts":[{}]}',
      ]) {
        writeFileSync(join(dir, "c.json"), text);
        throws(() => read("--continue", join(dir, "c.json")), { exitCode: 2 });
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
