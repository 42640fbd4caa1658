import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FoundObject, ObjectFinder } from "../../../local/objects/find-objects";
import { temporaryFolder } from "../fakes";

describe("ObjectFinder", () => {
  let folder: string;
  let known: Map<string, string>;
  beforeEach(function () {
    folder = temporaryFolder(this);
    known = new Map();
    mkdirSync(join(folder, "logs/alb/2026"), { recursive: true });
  });
  const write = (key: string, text = "a\n"): void => writeFileSync(join(folder, "logs", key), text);
  const finderOf = (...prefixes: string[]) =>
    new ObjectFinder(
      folder,
      prefixes.map((prefix) => ({ bucketName: "logs", prefix })),
      ({ key, etag }) => known.get(key) === etag,
    );
  const keys = (found: readonly FoundObject[]): string[] => found.map(({ key }) => key).sort();
  const note = (found: readonly FoundObject[]): void => {
    for (const { key, etag } of found) known.set(key, etag);
  };

  it("finds a file once it is as it was at the search before, in folders at any depth", () => {
    const finder = finderOf("");
    write("a.log");
    write("alb/2026/b.log");

    assert.deepEqual(keys(finder.find()), []);
    assert.deepEqual(keys(finder.find()), ["a.log", "alb/2026/b.log"]);
  });

  it("waits for a file that grows", () => {
    const finder = finderOf("");
    write("a.log");
    finder.find();
    appendFileSync(join(folder, "logs/a.log"), "more\n");

    assert.deepEqual(keys(finder.find()), []);
    assert.deepEqual(
      finder.find().map(({ bytes }) => bytes),
      [7],
    );
  });

  it("finds a version once, and what is written anew again", () => {
    const finder = finderOf("");
    write("a.log");
    finder.find();
    note(finder.find());
    finder.find();
    assert.deepEqual(keys(finder.find()), []);

    write("b.log", "b\n");
    renameSync(join(folder, "logs/b.log"), join(folder, "logs/a.log"));
    finder.find();
    assert.deepEqual(keys(finder.find()), ["a.log"]);
  });

  it("looks at keys that begin so, where the prefix ends within a name too", () => {
    for (const key of ["alb/2026/x.log", "alb/20.log", "alb/3.log", "al.log"]) write(key);
    const find = (prefix: string): string[] => {
      const finder = finderOf(prefix);
      finder.find();
      return keys(finder.find());
    };

    assert.deepEqual(find("alb/20"), ["alb/20.log", "alb/2026/x.log"]);
    assert.deepEqual(find("alb/2026/"), ["alb/2026/x.log"]);
    assert.deepEqual(find("al"), ["al.log", "alb/20.log", "alb/2026/x.log", "alb/3.log"]);
    assert.deepEqual(find("none/"), []);
  });

  it("takes no links, no hidden files and nothing that is being written", () => {
    write("real.log");
    for (const key of [".hidden", "a.part", "a.tmp", "a~"]) write(key);
    symlinkSync(join(folder, "logs/real.log"), join(folder, "logs/link.log"));
    symlinkSync(folder, join(folder, "logs/up"));
    const finder = finderOf("");
    finder.find();

    assert.deepEqual(keys(finder.find()), ["real.log"]);
  });
});
