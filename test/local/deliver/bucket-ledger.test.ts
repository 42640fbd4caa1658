import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BucketLedger } from "../../../local/deliver/bucket-ledger";
import { sqliteCode } from "../../../local/errors";
import type { LedgerEntry } from "../../../local/rooms";
import { temporaryFolder } from "../fakes";

const entry = (throughSeq: number, changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  throughSeq,
  indexed: 2,
  dropped: 1,
  failed: 0,
  failedObjects: [],
  ...changes,
});

const failedObject = (key: string) => ({
  key,
  body: "line\n",
  records: 1,
  errorCode: "c",
  errorMessage: "m",
  atMs: 5,
});

describe("the ledger of a stream into a bucket", () => {
  let file: string;
  let ledger: BucketLedger;
  beforeEach(function () {
    const folder = temporaryFolder(this);
    mkdirSync(folder, { recursive: true });
    file = join(folder, "delivered.sqlite");
    ledger = new BucketLedger({ file });
  });
  afterEach(() => ledger.close());

  it("has counts, objects and failures of one delivery after a restart, or nothing of it", async () => {
    const bytes = Buffer.from([0, 255, 10]);
    const failedObjects = [failedObject("errors/1")];
    await ledger.settle(entry(4, { failed: 1, objects: [{ key: "data/1", body: bytes }], failedObjects }));
    const same = entry(8, {
      objects: [
        { key: "data/2", body: "x" },
        { key: "data/1", body: "y" },
      ],
    });
    await assert.rejects(ledger.settle(same), (error) => sqliteCode(error) === 19);
    await ledger.close();
    ledger = new BucketLedger({ file });

    assert.deepEqual(ledger.totals(), { throughSeq: 4, indexed: 2, dropped: 1, failed: 1 });
    const objects = (await ledger.outbox()).map(({ key, body }) => [
      key,
      Buffer.from(body).toString("latin1"),
    ]);
    assert.deepEqual(objects, [
      ["data/1", "\0\xff\n"],
      ["errors/1", "line\n"],
    ]);
    const [failure] = await ledger.recentFailures(9);
    assert.deepEqual(
      { ...failure },
      { key: "errors/1", records: 1, errorCode: "c", errorMessage: "m", atMs: 5 },
    );
  });

  it("forgets an object that was written, and sums deliveries up", async () => {
    await ledger.settle(entry(3, { objects: [{ key: "data/1", body: "a" }] }));
    await ledger.settle(entry(6, { objects: [{ key: "data/2", body: "b" }] }));
    await ledger.removeFromOutbox(["data/1"]);

    assert.deepEqual(
      (await ledger.outbox()).map(({ key }) => key),
      ["data/2"],
    );
    assert.deepEqual(ledger.totals(), { throughSeq: 6, indexed: 4, dropped: 2, failed: 0 });
  });

  it("is for one run alone", () => {
    assert.throws(
      () => new BucketLedger({ file }),
      (error) => sqliteCode(error) === 5,
    );
  });
});
