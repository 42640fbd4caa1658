import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedIndex } from "../../../../local/search/embedded-index";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { byeDocuments } from "../bye-documents";

const nothing = { dropped: 0, failed: 0, failedObjects: [] };

describe("a damaged or interrupted index", () => {
  let folder: string;
  let file: string;
  let notices: string[];
  const open = () => openEmbeddedIndex({ file, panels: [], onNotice: (message) => notices.push(message) });

  /** 5,000 documents in 20 settled steps. */
  let filled: Buffer;
  const fill = () => writeFileSync(file, filled);
  before(async () => {
    const once = mkdtempSync(join(tmpdir(), "search-"));
    const full = join(once, "index.db");
    const index = await openEmbeddedIndex({ file: full, panels: [] });
    for (let step = 0; step < 20; step++) {
      const documents = byeDocuments(step * 250 + 1, 250);
      await index.write(documents);
      await index.settle({ throughSeq: documents.at(-1)?.seq ?? 0, indexed: 250, ...nothing });
    }
    await index.close();
    filled = readFileSync(full);
    rmSync(once, { recursive: true });
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "search-"));
    file = join(folder, "index.db");
    notices = [];
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("saves the rows of a file that was cut off, keeps the damaged one, and says both", async () => {
    fill();
    truncateSync(file, Math.floor(statSync(file).size * 0.7));
    const index = await open();
    const saved = (await index.count({ query: "message:bye" })).count;
    assert.ok(saved > 250 && saved < 5000, `${saved} saved`);
    assert.match(
      notices.join(),
      new RegExp(`is damaged .it is cut off.*moved to .*damaged-.*${saved} documents could be read`),
    );
    assert.equal(readdirSync(folder).filter((name) => /\.damaged-[^.]*$/.test(name)).length, 1);
    await index.close();
  });

  it("saves as much at the next start where the one that saved was killed", async () => {
    fill();
    truncateSync(file, Math.floor(statSync(file).size * 0.7));
    const { settle } = IndexWriter.prototype;
    IndexWriter.prototype.settle = () => {
      throw new Error("killed");
    };
    try {
      await assert.rejects(open(), /killed/);
    } finally {
      IndexWriter.prototype.settle = settle;
    }
    const index = await open();
    const saved = (await index.count({ query: "message:bye" })).count;
    assert.ok(saved > 250 && saved < 5000, `${saved} saved`);
    assert.match(notices.join(), new RegExp(`it is cut off.*${saved} documents could be read`));
    await index.close();
  });

  it("is the new file where a start was killed as that took its place", async () => {
    writeFileSync(`${file}.new`, filled);
    const index = await open();
    assert.equal((await index.count({ query: "message:bye" })).count, 5000);
    assert.deepEqual(notices, []);
    await index.close();
  });

  it("saves the rows around a page of garbage", async () => {
    fill();
    const handle = openSync(file, "r+");
    writeSync(handle, Buffer.alloc(8192, 0xa5), 0, 8192, 4096 * Math.floor(statSync(file).size / 4096 / 2));
    closeSync(handle);
    const index = await open();
    const saved = (await index.count({ query: "message:world" })).count;
    assert.ok(saved > 2500 && saved <= 5000, `${saved} saved`);
    assert.match(notices.join(), /is damaged/);
    assert.equal(index.totals().throughSeq, 5000);
    await index.close();
  });

  it("says what to do when damage shows in use, and saves the rest at the next start", async () => {
    fill();
    const index = await open();
    const handle = openSync(file, "r+");
    const bytes = statSync(file).size - 4096;
    writeSync(handle, Buffer.alloc(bytes, 0xa5), 0, bytes, 4096);
    closeSync(handle);
    await assert.rejects(index.count({ query: "message:bye" }), /is damaged .* Start again/);
    await index.close().catch(() => undefined);
    assert.ok(existsSync(`${file}.suspect`));
    const again = await open();
    assert.match(notices.join(), /is damaged/);
    assert.equal(existsSync(`${file}.suspect`), false);
    await again.close();
  });

  it("moves a file aside that is no index at all", async () => {
    writeFileSync(file, "this is not a database, it only looks like a file".repeat(100));
    const index = await open();
    assert.equal((await index.count({ query: "" })).count, 0);
    assert.match(notices.join(), /no SQLite file/);
    assert.doesNotMatch(notices.join(), /None is lost/);
    await index.close();
  });

  it("says nothing about a file that is whole", async () => {
    fill();
    const index = await open();
    assert.equal((await index.count({ query: "message:bye" })).count, 5000);
    assert.deepEqual(notices, []);
    await index.close();
  });

  it("has after kill -9 exactly what was settled, documents and ledger alike", async () => {
    const child = fork(join(__dirname, "endless-writer.ts"), [file], {
      execArgv: ["-r", join(__dirname, "../../../../register.cjs")],
    });
    const settled = new Promise<number>((resolve) => {
      child.on("message", (step) => Number(step) >= 15 && resolve(Number(step)));
    });
    const steps = await settled;
    child.kill("SIGKILL");
    await once(child, "exit");
    const index = await open();
    const { throughSeq, indexed } = index.totals();
    assert.ok(throughSeq >= steps * 100);
    assert.equal(indexed, throughSeq);
    assert.equal((await index.count({ query: "" })).count, throughSeq);
    assert.equal((await index.count({ query: "message:bye" })).count, throughSeq);
    assert.deepEqual(notices, []);
    await index.close();
  });
});
