import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Follower, type FollowOptions } from "../../../publisher/records/follow";
import { stackTraces } from "../../../publisher/records/stack-traces";
import { BatchMemory } from "../../../publisher/wire/packed-batch";
import type { PutBatch } from "../../../publisher/wire/put-batch";
import { texts } from "./texts";

describe("publisher/records/follow", () => {
  let dir: string;
  let log: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "follow-"));
    log = join(dir, "app.log");
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  /** A run: between two looks at files that say nothing the next of these happens; behind the last it ends. */
  async function run(
    happenings: readonly (() => void)[],
    changes: Partial<FollowOptions> = {},
    settle: (batch: PutBatch, follower: Follower) => void = (batch) => batch.release?.(),
  ) {
    const stop = new AbortController();
    const said: string[] = [];
    const records: string[] = [];
    const left = [...happenings];
    let nowMs = 0;
    let looks = 0;
    const follower = new Follower({
      paths: [log],
      state: join(dir, "places.json"),
      memory: new BatchMemory(),
      newline: true,
      quietMs: 100,
      refuse: (place) => ({ write() {}, end: (bytes) => said.push(`${place}: refused, ${bytes} bytes`) }),
      onNote: (text) => said.push(text.replaceAll(`${dir}/`, "")),
      onProblem: (text) => said.push(`PROBLEM ${text.replaceAll(`${dir}/`, "")}`),
      clock: {
        now: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
          // What was written is read in one look and given in the next.
          if (++looks % 3 !== 0) return;
          const next = left.shift();
          if (next) next();
          else stop.abort();
        },
      },
      signal: stop.signal,
      ...changes,
    });
    for await (const batch of follower.batches()) {
      records.push(...texts(batch).map((text) => text.trimEnd()));
      settle(batch, follower);
    }
    await follower.close();
    return { records, said };
  }

  const append = (text: string) => () => appendFileSync(log, text);
  const wait = (times: number) => Array.from({ length: times }, () => () => {});

  it("sends what is there and what comes, a line when its end is there", async () => {
    writeFileSync(log, "a\nb\nunf");

    const { records } = await run([append("inished\nc\n"), append("d")]);

    deepStrictEqual(records, ["a", "b", "unfinished", "c"]);
  });

  it("waits for a file that is not there yet, and says so once", async () => {
    const { records, said } = await run([...wait(2), append("a\n")]);

    deepStrictEqual(records, ["a"]);
    deepStrictEqual(said, ["app.log: is not there; waiting for it"]);
  });

  it("goes on after a restart where it was, an unfinished line from its begin", async () => {
    writeFileSync(log, "a\nb\nunf");

    const first = await run([]);
    appendFileSync(log, "inished\nc\n");
    const second = await run([]);
    const third = await run([]);

    deepStrictEqual([first.records, second.records, third.records], [["a", "b"], ["unfinished", "c"], []]);
  });

  it("follows rotation by name: what is written to the old file afterwards, then the new one", async () => {
    writeFileSync(log, "a\n");
    const old = `${log}.1`;

    const { records, said } = await run([
      () => renameSync(log, old),
      () => appendFileSync(old, "b\n"),
      append("c\n"),
      () => appendFileSync(old, "d\nlast"),
      ...wait(40),
      append("e\n"),
    ]);

    deepStrictEqual(records, ["a", "b", "c", "d", "last", "e"]);
    deepStrictEqual(said, [
      "app.log: is gone; waiting for another",
      "app.log: was rotated, going on with the new one",
    ]);
  });

  it("finds what was rotated while it was not running, under its new name, and sends its rest", async () => {
    writeFileSync(log, "a\n");
    await run([]);
    appendFileSync(log, "b\n");
    renameSync(log, join(dir, "app-2026-11-28.log"));
    writeFileSync(log, "c\n");

    deepStrictEqual((await run([])).records.sort(), ["b", "c"]);
    deepStrictEqual((await run([])).records, []);
  });

  it("says that a file is gone with what it had not sent", async () => {
    writeFileSync(log, "a\n");
    await run([]);
    rmSync(log);
    writeFileSync(join(dir, "keeps-the-inode"), "x");
    writeFileSync(log, "b\n");

    const { records, said } = await run([]);

    deepStrictEqual(records, ["b"]);
    match(
      said.join(),
      /PROBLEM app\.log: the file that was followed is gone; what stood in it behind byte 2 is not sent|truncated or is another file/,
    );
  });

  it("follows truncation, also where as much was written again before it looked", async () => {
    writeFileSync(log, "first line\n");

    const { records, said } = await run([
      () => {
        copyFileSync(log, `${log}.1`);
        truncateSync(log);
      },
      append("b\n"),
      () => writeFileSync(log, "another beginning, and longer\n"),
    ]);

    deepStrictEqual(records, ["first line", "b", "another beginning, and longer"]);
    deepStrictEqual(said.slice(-1), ["app.log: was truncated, going on from its begin"]);
  });

  it("begins anew where a file was truncated or its inode used again while it was not running", async () => {
    writeFileSync(log, "a\nb\n");
    await run([]);
    writeFileSync(log, "x\ny\nz\n");

    const { records, said } = await run([]);

    deepStrictEqual(records, ["x", "y", "z"]);
    deepStrictEqual(said, ["app.log: was truncated or is another file by now, sent from its begin"]);
  });

  it("skips the hole of zeros that a truncated file has whose writer did not notice [C05]", async () => {
    writeFileSync(log, "a\n");

    const { records } = await run([
      () => truncateSync(log),
      () => writeFileSync(log, `${"\0".repeat(300_000)}b\n`),
    ]);

    deepStrictEqual(records, ["a", "b"]);
  });

  it("keeps the place before what was not accepted, though later batches were", async () => {
    writeFileSync(log, Array.from({ length: 1200 }, (_, n) => `${n}\n`).join(""));
    let batches = 0;

    await run([], {}, (batch, follower) => {
      if (++batches === 2) follower.hold(batch);
      batch.release?.();
    });
    const { records } = await run([]);

    deepStrictEqual([records.length, records[0], records.at(-1)], [700, "500", "1199"]);
  });

  it("sends nothing twice that two names lead to, and says so [C23]", async () => {
    writeFileSync(log, "a\n");
    linkSync(log, join(dir, "hard.log"));

    const { records, said } = await run([append("b\n")], { paths: [log, join(dir, "hard.log")] });

    deepStrictEqual(records, ["a", "b"]);
    deepStrictEqual(said, ["hard.log: is followed already, under another name"]);
  });

  it("says once what is no file, and follows the others", async () => {
    writeFileSync(log, "a\n");

    const { records, said } = await run(wait(3), { paths: [dir, log] });

    deepStrictEqual(records, ["a"]);
    strictEqual(said.length, 1);
    match(said[0] ?? "", /^PROBLEM .*: is no file, and only files can be followed$/);
  });

  it("refuses places that are none of its own, and leaves them as they are", () => {
    const state = join(dir, "places.json");
    for (const text of [
      "",
      "{",
      "[]",
      '{"version":2,"files":{}}',
      '{"version":1,"files":{"x":[{"offset":-1}]}}',
    ]) {
      writeFileSync(state, text);
      throws(() => new Follower({ state } as FollowOptions), {
        message: /is no file of places/,
        exitCode: 2,
      });
      strictEqual(readFileSync(state, "utf8"), text);
    }
  });

  it("keeps the places of files that another run follows", async () => {
    writeFileSync(log, "a\n");
    writeFileSync(join(dir, "b.log"), "b\n");

    await run([]);
    await run([], { paths: [join(dir, "b.log")] });

    deepStrictEqual((await run([])).records, []);
  });

  it("joins the lines of a stack trace; gives the last when nothing follows, and what paused in its middle as two", async () => {
    writeFileSync(log, "ERROR no\njava.lang.IllegalStateException: x\n\tat a.B.c(B.java:1)\n\tat");

    const { records } = await run([append(" a.D.e(D.java:2)\nCaused by: y\n"), append("INFO fine\n")], {
      continues: stackTraces,
    });

    deepStrictEqual(records, [
      "ERROR no\njava.lang.IllegalStateException: x\n\tat a.B.c(B.java:1)",
      "\tat a.D.e(D.java:2)\nCaused by: y",
      "INFO fine",
    ]);
  });
});
