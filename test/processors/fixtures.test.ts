/** Every processor of the registry has fixtures, and they are what becomes of the records. */
import { deepEqual, equal, match } from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixtureProblems, fixturesFolder } from "../../processors/dev/fixtures";
import { processors } from "../../processors/index";
import { outcomes } from "./emitted";
import { withFirehose } from "./firehose";

describe("the fixtures of", () => {
  for (const name of Object.keys(processors)) {
    it(`${name} are there, and say what becomes of each record`, async () => {
      await withFirehose([], async () => {
        deepEqual(await fixtureProblems(name, (records) => outcomes(name, records)), []);
      });
    });
  }

  it("no processor are left over", () => {
    const left = readdirSync(fixturesFolder).filter((name) => !Object.hasOwn(processors, name));
    deepEqual(left, []);
  });
});

describe("a processor's fixtures", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fixtures-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const wrong: Readonly<Record<string, { files: Readonly<Record<string, string>>; problem: RegExp }>> = {
    "their folder is missing": { files: {}, problem: /shout has no file that ends in \.in\.txt/ },
    "their folder is empty": { files: { "shout/.keep": "" }, problem: /shout has no file/ },
    "there are no records": {
      files: { "shout/a.in.txt": "\n", "shout/a.out.jsonl": "" },
      problem: /a\.in\.txt has no record/,
    },
    "the outcomes are missing": { files: { "shout/a.in.txt": "x\n" }, problem: /a\.out\.jsonl: line 1/ },
    "the records are missing": {
      files: { "shout/a.in.txt": "x\n", "shout/a.out.jsonl": '"X"\n', "shout/b.out.jsonl": '"X"\n' },
      problem: /b\.in\.txt is missing/,
    },
    "an outcome is another": {
      files: { "shout/a.in.txt": "x\ny\n", "shout/a.out.jsonl": '"X"\n"Z"\n' },
      problem: /a\.out\.jsonl: line 2/,
    },
    "an outcome is left out": {
      files: { "shout/a.in.txt": "x\ny\n", "shout/a.out.jsonl": '"X"\n' },
      problem: /a\.out\.jsonl: line 2/,
    },
    "there is an outcome too many": {
      files: { "shout/a.in.txt": "x\n", "shout/a.out.jsonl": '"X"\n"Y"\n' },
      problem: /a\.out\.jsonl: line 2/,
    },
  };
  const shout = (records: readonly string[]) =>
    Promise.resolve(records.map((record) => record.toUpperCase()));
  const put = (file: string, text: string) => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  };

  for (const [title, { files, problem }] of Object.entries(wrong)) {
    it(`are wrong where ${title}`, async () => {
      for (const [file, text] of Object.entries(files)) put(file, text);
      const problems = await fixtureProblems("shout", shout, folder);
      equal(problems.length, 1);
      match(problems[0]!, problem);
    });
  }

  it("are right where each outcome is the record's", async () => {
    put("shout/a.in.txt", "x\ny\n");
    put("shout/a.out.jsonl", '"X"\n"Y"\n');
    deepEqual(await fixtureProblems("shout", shout, folder), []);
  });
});
