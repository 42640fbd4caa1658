/** A bucket's ledger, each page of it and of its log overwritten in turn: what is not on it is kept, the rest is said. */
import { strict as assert } from "node:assert";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BucketLedger } from "../../../local/deliver/bucket-ledger";
import type { LedgerTotals } from "../../../local/rooms";
import { temporaryFolder } from "../fakes";

const pageBytes = 4096;
const frameBytes = pageBytes + 24;

/** Objects of several pages; what stands on a page tells whose it is. */
const bodyOf = (key: string): string => `<${key}>`.repeat(1200);
const objectOf = (key: string) => ({ key, body: Buffer.from(bodyOf(key)) });
const failedObject = (key: string) => ({
  ...{ ...objectOf(key), body: bodyOf(key), records: 2 },
  ...{ errorCode: "c", errorMessage: "m", atMs: 5 },
});

const before: LedgerTotals = { throughSeq: 20, indexed: 18, dropped: 2, failed: 0 };
const after: LedgerTotals = { throughSeq: 30, indexed: 24, dropped: 4, failed: 2 };

describe("a damaged page of a bucket's ledger", () => {
  let folder: string;

  beforeEach(function () {
    folder = temporaryFolder(this);
    for (const name of ["original", "killed", "closed"]) mkdirSync(join(folder, name), { recursive: true });
  });

  /** Two deliveries whose objects were written, and one whose objects were not. */
  async function fill(): Promise<void> {
    const file = join(folder, "original", "delivered.sqlite");
    const ledger = new BucketLedger({ file });
    for (const [throughSeq, key] of [
      [10, "a"],
      [20, "b"],
    ] as const) {
      const counts = { indexed: 9, dropped: 1, failed: 0 };
      await ledger.settle({ throughSeq, ...counts, failedObjects: [], objects: [objectOf(key)] });
      await ledger.removeFromOutbox([key]);
    }
    await ledger.settle({
      ...{ throughSeq: 30, indexed: 6, dropped: 2, failed: 2 },
      objects: [objectOf("c")],
      failedObjects: [failedObject("f")],
    });
    // As a killed process leaves it, the log not yet folded into the file.
    for (const name of ["delivered.sqlite", "delivered.sqlite-wal"])
      copyFileSync(join(folder, "original", name), join(folder, "killed", name));
    await ledger.close();
    copyFileSync(file, join(folder, "closed", "delivered.sqlite"));
  }

  interface Seen {
    readonly totals: LedgerTotals;
    readonly keys: readonly string[];
    readonly notes: readonly string[];
  }

  /** What is there after the next start, and that the start after it has nothing more to say. */
  async function reopen(
    from: "killed" | "closed",
    damage: (file: string) => void,
    { settledThrough = 20, written = ["a", "b"] } = {},
  ): Promise<Seen> {
    const copy = join(folder, "copy");
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy);
    for (const name of readdirSync(join(folder, from)))
      copyFileSync(join(folder, from, name), join(copy, name));
    const file = join(copy, "delivered.sqlite");
    damage(file);
    const options = { file, settledThrough, isWritten: (key: string) => written.includes(key) };
    const ledger = new BucketLedger(options);
    const objects = await ledger.outbox();
    for (const { key, body } of objects) assert.equal(Buffer.from(body).toString(), bodyOf(key));
    const seen = { totals: ledger.totals(), keys: objects.map(({ key }) => key), notes: ledger.notes };
    await ledger.close();
    const again = new BucketLedger(options);
    assert.deepEqual([again.notes, again.totals()], [[], seen.totals]);
    await again.settle({ throughSeq: 40, indexed: 10, dropped: 0, failed: 0, failedObjects: [] });
    await again.removeFromOutbox(seen.keys);
    await again.close();
    return seen;
  }

  const overwrite = (name: string, start: number, end: number) => (file: string) => {
    const path = join(file, "..", name);
    const bytes = readFileSync(path);
    bytes.fill(0xa5, start, end);
    writeFileSync(path, bytes);
  };

  /** All is there, or the last delivery is undone as a whole, so that the queue delivers it again; never in between. */
  function assertNothingIsLost({ totals, keys, notes }: Seen, where: string): boolean {
    const isUndone = totals.throughSeq === before.throughSeq;
    assert.deepEqual(totals, isUndone ? before : after, `${where}: ${notes.join()}`);
    const unwritten = keys.filter((key) => key === "c" || key === "f");
    assert.deepEqual(unwritten, isUndone ? [] : ["c", "f"], `${where}: ${notes.join()}`);
    assert.ok(notes.length <= 1, notes.join());
    return isUndone;
  }

  it("loses nothing, whichever page of the file it is, and says it once", async () => {
    await fill();
    const { length } = readFileSync(join(folder, "closed", "delivered.sqlite"));
    assert.ok(length / pageBytes > 7, `${length / pageBytes} pages`);
    let undone = 0;
    for (let at = 0; at < length; at += pageBytes)
      for (const [start, end] of [
        [at, at + pageBytes],
        [at + 2000, at + 2064],
      ] as const) {
        const seen = await reopen("closed", overwrite("delivered.sqlite", start, end));
        if (!assertNothingIsLost(seen, `bytes ${start} to ${end}`)) continue;
        undone++;
        assert.match(seen.notes.join(), /is damaged .* made again from the queue\. Nothing is lost\./);
      }
    assert.ok(undone > 0, "no page cost an object");
  });

  it("loses nothing, whichever page of its log it is, the header too", async () => {
    await fill();
    const { length } = readFileSync(join(folder, "killed", "delivered.sqlite-wal"));
    const starts = [0, ...Array.from({ length: (length - 32) / frameBytes }, (_, i) => 32 + i * frameBytes)];
    assert.ok(starts.length > 20, `${starts.length} frames`);
    // Every third one, those of the last commit all: there is what no later frame repeats.
    for (const start of starts.filter((_, i) => i % 3 === 0 || i > starts.length - 11)) {
      const end = start === 0 ? 32 : start + frameBytes;
      const seen = await reopen("killed", overwrite("delivered.sqlite-wal", start, end));
      assertNothingIsLost(seen, `bytes ${start} to ${end} of the log`);
    }
  });

  it("keeps what the queue knows to be settled where the last commit of the log is damaged", async () => {
    await fill();
    const { length } = readFileSync(join(folder, "killed", "delivered.sqlite-wal"));
    const { totals, keys, notes } = await reopen(
      "killed",
      overwrite("delivered.sqlite-wal", length - frameBytes, length),
      { settledThrough: 30, written: ["a", "b", "c", "f"] },
    );
    assert.deepEqual(totals, after);
    assert.deepEqual(
      keys.filter((key) => key === "a" || key === "b"),
      [],
    );
    assert.match(notes.join(), /the end of its log is damaged/);
  });

  /** Overwrites the pages of an object's body and no others. */
  const overwriteBody = (key: string) => (file: string) => {
    const bytes = readFileSync(file);
    for (let at = 0; at < bytes.length; at += pageBytes) {
      const page = bytes.subarray(at, at + pageBytes).toString("latin1");
      if (page.split(`<${key}>`).length > 300) bytes.fill(0, at + 4, at + pageBytes);
    }
    writeFileSync(file, bytes);
  };

  it("counts records as lost whose object is gone and whose neighbour is written already", async () => {
    await fill();
    const { totals, keys, notes } = await reopen("closed", overwriteBody("c"), { written: ["a", "b", "f"] });
    assert.deepEqual([totals, keys], [{ ...after, indexed: after.indexed - 6 }, ["f"]]);
    assert.match(notes.join(), /6 records of others could not be read; they are counted as lost\./);
  });

  it("counts failed records as lost that the queue has no more", async () => {
    await fill();
    const { totals, keys } = await reopen("closed", overwriteBody("f"), { settledThrough: 30 });
    assert.deepEqual([totals, keys], [{ ...after, failed: 0 }, ["c"]]);
  });

  it("loses nothing where the object was written before the kill", async () => {
    await fill();
    const { totals, keys, notes } = await reopen("closed", overwriteBody("c"), { written: ["a", "b", "c"] });
    assert.deepEqual([totals, keys], [after, ["f"]]);
    assert.match(notes.join(), /Nothing is lost/);
  });

  it("is found in a file of the version that proved nothing; such a file that is whole is read on", async () => {
    await fill();
    const makeOlder = (file: string): void => {
      const db = new DatabaseSync(file);
      db.exec("DROP TABLE settlement; DROP TABLE settlement_copy");
      db.close();
    };
    const seen = await reopen("closed", makeOlder);
    assert.deepEqual([seen.totals, seen.keys, seen.notes], [after, ["c", "f"], []]);
    const damaged = await reopen("closed", (file) => {
      makeOlder(file);
      overwrite("delivered.sqlite", 0, pageBytes)(file);
    });
    assert.deepEqual([damaged.totals, damaged.keys], [after, ["c", "f"]]);
    assert.match(damaged.notes.join(), /file is not a database/);
  });

  it("is no matter where an earlier version has written since: its sums are newer than what proves them", async () => {
    await fill();
    const { totals, keys } = await reopen("closed", (file) => {
      const db = new DatabaseSync(file);
      db.exec("UPDATE totals SET through_seq = 35, delivered = 29");
      db.close();
    });
    assert.deepEqual([totals, keys], [{ ...after, throughSeq: 35, indexed: 29 }, ["c", "f"]]);
  });

  it("is replaced as a whole: a kill between the two steps loses neither file", async () => {
    await fill();
    const { totals, notes } = await reopen("closed", (file) => {
      copyFileSync(file, `${file}.new`);
      rmSync(file);
    });
    assert.deepEqual([totals, notes], [after, []]);
  });
});
