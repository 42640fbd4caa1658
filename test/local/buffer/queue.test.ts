import { strict as assert } from "node:assert";
import { closeSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Queue, QueueFull } from "../../../local/buffer/queue";
import { sqliteCode } from "../../../local/errors";
import { callOf } from "../calls";
import { temporaryFolder } from "../fakes";

const all = (): boolean => true;
const textsOf = (batch: ReturnType<Queue["read"]>): string[] =>
  Array.from(batch.arrivalsMs, (_, i) => Buffer.from(batch.base64(i), "base64").toString());
const texts = (queue: Queue, after = 0): string[] => textsOf(queue.read(after, all));
const put = (queue: Queue, ...records: string[]): Promise<number> => queue.append(callOf(...records), 7);

describe("Queue", () => {
  let file: string;
  beforeEach(function () {
    file = join(temporaryFolder(this), "queue.sqlite");
  });

  it("numbers records from 1 and keeps them in order over calls and a new start", async () => {
    const first = Queue.open({ file });
    assert.deepEqual(await Promise.all([put(first, "a", "b"), put(first, "c")]), [1, 3]);
    first.close();
    const second = Queue.open({ file });
    assert.equal(await put(second, "d"), 4);
    assert.deepEqual(texts(second), ["a", "b", "c", "d"]);
    assert.equal(second.epoch, first.epoch);
    assert.equal(second.createdMs, first.createdMs);
    second.close();
  });

  it("reads on from the middle of a call and stops where the reader is full", async () => {
    const queue = Queue.open({ file });
    await put(queue, "a", "b", "c");
    await put(queue, "d");
    assert.deepEqual(texts(queue, 1), ["b", "c", "d"]);
    const two = queue.read(1, (records) => records <= 2);
    assert.deepEqual([two.firstSeq, two.lastSeq, textsOf(two)], [2, 3, ["b", "c"]]);
    assert.deepEqual(two.body.toString(), "bc");
    assert.equal(queue.read(0, () => false).length, 1, "one record always fits");
    queue.close();
  });

  it("ends a read before a gap in the numbers", async () => {
    const queue = Queue.open({ file });
    await put(queue, "a", "b");
    queue.skipTo(10);
    await put(queue, "c");
    assert.deepEqual([queue.read(0, all).lastSeq, textsOf(queue.read(0, all))], [2, ["a", "b"]]);
    assert.deepEqual([queue.read(2, all).firstSeq, texts(queue, 2)], [11, ["c"]]);
    queue.close();
  });

  it("counts what waits after a number", async () => {
    const queue = Queue.open({ file });
    await put(queue, "aa", "bb");
    await put(queue, "cc");
    assert.equal(queue.extentAfter(0).records, 3);
    assert.equal(queue.extentAfter(1).records, 2);
    assert.equal(queue.extentAfter(3).records, 0);
    queue.close();
  });

  it("forgets whole calls only, and never gives a number out again", async () => {
    const queue = Queue.open({ file });
    await put(queue, "a", "b");
    queue.trim(1);
    assert.deepEqual(texts(queue), ["a", "b"]);
    queue.trim(2);
    assert.deepEqual(texts(queue), []);
    assert.equal(queue.bytes, 0);
    queue.close();
    const again = Queue.open({ file });
    assert.equal(await put(again, "c"), 3);
    again.close();
  });

  it("refuses records while it is full and takes them again after that", async () => {
    const queue = Queue.open({ file, maxBytes: 2 });
    await put(queue, "ab");
    await assert.rejects(put(queue, "c"), QueueFull);
    queue.trim(1);
    assert.equal(await put(queue, "c"), 2);
    queue.close();
  });

  it("is open for one run only", () => {
    const queue = Queue.open({ file });
    assert.throws(
      () => Queue.open({ file }),
      (error) => sqliteCode(error) === 5,
    );
    queue.close();
  });

  it("takes nothing of a call that the disk refuses, and goes on when there is room", async () => {
    const queue = Queue.open({ file });
    await put(queue, "a");
    // A limit on the file's pages is how SQLite sees a full disk.
    const db = (queue as unknown as { db: import("node:sqlite").DatabaseSync }).db;
    db.exec(`PRAGMA max_page_count = ${db.prepare("PRAGMA page_count").get()!["page_count"]}`);
    await assert.rejects(put(queue, "x".repeat(100_000)), (error) => sqliteCode(error) === 13);
    assert.deepEqual(texts(queue), ["a"]);
    db.exec("PRAGMA max_page_count = 1000000");
    assert.equal(await put(queue, "b"), 2);
    queue.close();
  });

  it("lays a damaged file aside, keeps what can be read, and says both", async () => {
    const queue = Queue.open({ file });
    for (let i = 0; i < 50; i++) await put(queue, `${i}:${"x".repeat(2000)}`);
    queue.close();
    const descriptor = openSync(file, "r+");
    writeSync(descriptor, Buffer.alloc(8192, 0xff), 0, 8192, statSync(file).size - 16_384);
    closeSync(descriptor);
    const mended = Queue.open({ file });
    assert.match(mended.notes.join(), /damaged.*kept.*queue\.sqlite\.damaged-/);
    const kept = texts(mended).length;
    assert.ok(kept > 0 && kept < 50, `${kept} of 50`);
    assert.equal(mended.lastSeq, 50);
    assert.ok(readdirSync(join(file, "..")).some((name) => name.includes(".damaged-")));
    mended.close();
  });

  it("opens a file of version 0.1.0, without checksums and without a mark, and keeps its counts and records", async () => {
    const old = new DatabaseSync(file);
    old.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE calls (
        first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, arrival_ms INTEGER NOT NULL,
        lengths BLOB NOT NULL, body BLOB NOT NULL) STRICT;
      CREATE TABLE backups (key TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL) STRICT;
      CREATE TABLE state (name TEXT PRIMARY KEY, value ANY) STRICT;
      INSERT INTO state VALUES ('epoch', 'abc123'), ('createdMs', 1700000000000), ('nextSeq', 13), ('backedUpThrough', 10);
      INSERT INTO backups VALUES ('raw/begun', 11, 12);
      INSERT INTO calls VALUES (11, 2, 7, x'0100000002000000', x'616262')`);
    old.close();
    const queue = Queue.open({ file });
    assert.deepEqual(queue.notes, []);
    assert.deepEqual([queue.epoch, queue.createdMs, queue.lastSeq], ["abc123", 1_700_000_000_000, 12]);
    assert.deepEqual([queue.backedUpThrough, queue.backedUp], [10, 10]);
    assert.deepEqual(queue.unfinishedBackups(), [{ key: "raw/begun", firstSeq: 11, lastSeq: 12 }]);
    assert.deepEqual(queue.gapsAfter(10), []);
    assert.deepEqual(texts(queue, 10), ["a", "bb"]);
    assert.equal(await put(queue, "c"), 13);
    queue.close();
  });

  it("counts what waits to be written as waiting: calls of one turn are refused beyond the limit", async () => {
    const queue = Queue.open({ file, maxBytes: 3 });
    const calls = await Promise.allSettled([put(queue, "ab"), put(queue, "c"), put(queue, "d")]);
    assert.deepEqual(
      calls.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected"],
    );
    queue.close();
  });

  it("starts anew beside a file that is no database", () => {
    const descriptor = openSync(file, "w");
    writeSync(descriptor, "this is no database, and long enough to be looked at as one: ".repeat(100));
    closeSync(descriptor);
    const queue = Queue.open({ file });
    assert.match(queue.notes.join(), /0 calls could be read/);
    queue.close();
  });
});
