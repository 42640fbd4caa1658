import { equal, match, ok } from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastBackup } from "../../processors/dev/backup";
import { sideBySide } from "../../processors/dev/side-by-side";
import { tryProcessor } from "../../processors/dev/try";

describe("npm run dev -- processor", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dev-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (key: string, text: string, seconds: number) => {
    const path = join(folder, "dev", "s3", "bucket", key);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, seconds, seconds);
  };

  it("takes the newest backup object, never failed records or other files", () => {
    equal(lastBackup(join(folder, "none"), 5), undefined);
    put("2026/03/01/09/old", "a\n", 100);
    put("2026/03/01/10/new", "b\nc\nd\n", 200);
    put("processing-failed/2026/03/01/11/failed", "x\n", 300);
    writeFileSync(join(folder, "dev", "index.sqlite"), "x");
    const backup = lastBackup(folder, 2);
    match(backup?.path ?? "", /new$/);
    equal(backup?.records.join(), "b,c");
  });

  it("shows records and documents of the backup beside each other", async () => {
    put("2026/03/01/10/new", '192.0.2.1 - - [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5\n', 200);
    const lines: string[] = [];
    equal(
      await tryProcessor("access-log", {
        print: (text) => lines.push(text),
        columns: 100,
        dataFolder: folder,
      }),
      0,
    );
    const shown = lines.join("\n");
    match(shown, /ok {4}web: 9 records/);
    match(shown, /192\.0\.2\.1 - - .* \| \{/);
    ok(shown.includes('"@timestamp": "2026-03-01T00:00:00.000Z"'));
  });

  it("writes what becomes of the records beside them with --write, for review", async () => {
    mkdirSync(join(folder, "map"));
    writeFileSync(join(folder, "map", "any.in.txt"), "a\nb\n");
    const lines: string[] = [];
    const options = { print: (text: string) => lines.push(text), columns: 100, fixturesFolder: folder };
    equal(await tryProcessor("map", { ...options, dataFolder: folder }), 2);
    equal(await tryProcessor("map", { ...options, dataFolder: folder, write: true }), 0);
    match(lines.join("\n"), /wrote .*any\.out\.jsonl: read it/);
    const written = readFileSync(join(folder, "map", "any.out.jsonl"), "utf8")
      .trim()
      .split("\n");
    equal(written.length, 2);
    for (const line of written) match(line, /"message":"bye world! 00000000-0000-4000-8000-000000000000"/);
  });

  it("folds both sides into their halves", () => {
    equal(
      sideBySide("abcdefghijklmnopqrstuvwxyz", "1\n2\n3", 43),
      "abcdefghijklmnopqrst | 1\nuvwxyz               | 2\n                     | 3",
    );
  });
});
