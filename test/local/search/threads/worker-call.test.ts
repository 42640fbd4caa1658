import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CalledWorker, WorkerGone } from "../../../../local/search/threads/worker-call";
import { threadMemoryOf } from "../../../../local/thread-memory";
import { temporaryFolder } from "../../fakes";

describe("a called thread", () => {
  it("has ended when its files are closed, says then why, and takes no more calls", async function () {
    const file = join(temporaryFolder(this), "file.sqlite");
    const worker = new CalledWorker(join(__dirname, "failing-worker.ts"), file, threadMemoryOf(1));
    await worker.call("lock");
    assert.equal(worker.hasEnded, false);

    await worker.call("fail");
    await assert.rejects(worker.call("fail"), /has ended \(the thread failed\)/);

    const db = new DatabaseSync(file);
    db.exec("BEGIN IMMEDIATE");
    db.close();
    assert.equal(worker.hasEnded, true);
    await assert.rejects(worker.call("fail"), WorkerGone);
  });
});
