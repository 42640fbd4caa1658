/** Several indices in the thread that writes: whose turn it is, and what becomes of each when one fails or the thread ends. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import type { EmbeddedIndex, LedgerEntry } from "../../../../local/rooms";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { openEmbeddedIndex } from "../../../../local/search/embedded-index";
import { CalledWorker, WorkerGone } from "../../../../local/search/threads/worker-call";
import { WriterThread, type WritingWorker } from "../../../../local/search/threads/writer-thread";
import { WrittenIndex } from "../../../../local/search/threads/written-index";
import { threadMemoryOf } from "../../../../local/thread-memory";
import { byeDocuments } from "../bye-documents";

const memory = threadMemoryOf(1);
const panels = [{ title: "bye", query: "message:bye" }];
const settledThrough = (throughSeq: number, indexed = throughSeq): LedgerEntry => ({
  ...{ throughSeq, indexed, dropped: 0, failed: 0, failedObjects: [] },
});

describe("the calls of several indices to the thread that writes", () => {
  /** A worker that answers when the test says so. */
  function workerOfTest() {
    const calls: { what: string; answer(): void }[] = [];
    const seen = { started: 0, stopped: 0 };
    const state = { hasEnded: false };
    const start = (): WritingWorker => {
      seen.started++;
      return {
        get hasEnded() {
          return state.hasEnded;
        },
        call: <T>(method: string, argument?: unknown) =>
          new Promise<T>((resolve) => {
            const what = `${method} ${(argument as { file: string }).file}`;
            calls.push({ what, answer: () => resolve(undefined as T) });
          }),
        stop: async () => void seen.stopped++,
      };
    };
    const thread = new WriterThread(memory, start);
    const indexOf = (file: string) =>
      new WrittenIndex(thread, { file, panels, mapping: mappingOf(undefined), pageCacheMiB: 1 }, (e) => e);
    /** Answers what is there, and says what it was. */
    const answerAll = async (): Promise<string[]> => {
      const these = calls.splice(0);
      for (const { answer } of these) answer();
      await setImmediate();
      return these.map(({ what }) => what);
    };
    return { indexOf, answerAll, seen, state };
  }

  it("lets each index wait for one call of every other, however many it has", async () => {
    const { indexOf, answerAll } = workerOfTest();
    const [a, b] = [indexOf("a"), indexOf("b")];

    for (let i = 0; i < 3; i++) void a.removeFromOutbox([]);
    void b.removeFromOutbox([]);
    await setImmediate();

    assert.deepEqual(await answerAll(), ["open a", "open b"]);
    assert.deepEqual(await answerAll(), ["removeFromOutbox a", "removeFromOutbox b"]);
    assert.deepEqual(await answerAll(), ["removeFromOutbox a"]);
  });

  it("ends the thread with the last index, and starts it with the next", async () => {
    const { indexOf, answerAll, seen } = workerOfTest();
    const [a, b] = [indexOf("a"), indexOf("b")];
    for (const index of [a, b]) void index.open();
    await setImmediate();
    for (let i = 0; i < 2; i++) await answerAll();

    const closed = a.close();
    await setImmediate();
    assert.deepEqual(await answerAll(), ["close a"]);
    await closed;
    assert.deepEqual(seen, { started: 1, stopped: 0 });

    const last = b.close();
    await setImmediate();
    await answerAll();
    await last;
    assert.deepEqual(seen, { started: 1, stopped: 1 });

    void indexOf("c").open();
    await setImmediate();
    assert.equal(seen.started, 2);
  });

  it("starts no other thread to close what the last one has left open", async () => {
    const { indexOf, answerAll, seen, state } = workerOfTest();
    const index = indexOf("a");
    void index.open();
    await setImmediate();
    for (let i = 0; i < 2; i++) await answerAll();

    state.hasEnded = true;
    void index.close();
    await setImmediate();
    assert.deepEqual(seen, { started: 1, stopped: 1 });
  });
});

describe("several indices in one thread", () => {
  let folder: string;
  let workers: CalledWorker[];
  /** Ends the thread as it is about to answer a settle, once. */
  let endsBeforeAnswer: boolean;
  let web: EmbeddedIndex;
  let orders: EmbeddedIndex;

  const start = (): WritingWorker => {
    const file = join(__dirname, "../../../../local/search/threads/writer-worker.ts");
    const worker = new CalledWorker(file, undefined, memory);
    workers.push(worker);
    const call = async <T>(method: string, argument?: unknown): Promise<T> => {
      const answer = await worker.call<T>(method, argument);
      if (method !== "settle" || !endsBeforeAnswer) return answer;
      endsBeforeAnswer = false;
      await worker.stop();
      throw new WorkerGone("exit code 1");
    };
    return {
      call,
      stop: () => worker.stop(),
      get hasEnded() {
        return worker.hasEnded;
      },
    };
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "search-"));
    workers = [];
    endsBeforeAnswer = false;
    const thread = new WriterThread(memory, start);
    const open = (name: string) => openEmbeddedIndex({ file: join(folder, name), panels, thread });
    [web, orders] = await Promise.all([open("web"), open("orders")]);
  });
  afterEach(async () => {
    await Promise.all([web.close(), orders.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const countOf = async (index: EmbeddedIndex): Promise<number[]> => [
    (await index.count({ query: "message:world" })).count,
    ...(await index.panelCounts()),
    index.totals().indexed,
  ];

  async function put(index: EmbeddedIndex, from: number, count: number): Promise<void> {
    await index.write(byeDocuments(from, count));
    await index.settle(settledThrough(from + count - 1, count));
  }

  it("keeps their documents and counts apart, also where one is closed while another is half written", async () => {
    await orders.write(byeDocuments(1, 2));
    await put(web, 1, 3);
    await web.close();
    await orders.settle(settledThrough(2));

    assert.equal(workers.length, 1);
    assert.deepEqual(await countOf(orders), [2, 2, 2]);
    web = await openEmbeddedIndex({ file: join(folder, "web"), panels });
    assert.deepEqual(await countOf(web), [3, 3, 3]);
  });

  it("goes on with the others while the file of one refuses, and with that one as soon as it does not", async () => {
    const other = new DatabaseSync(join(folder, "web"));
    other.exec("BEGIN IMMEDIATE");
    await assert.rejects(web.write(byeDocuments(1, 1)), /locked/);
    await put(orders, 1, 2);
    other.exec("ROLLBACK");
    other.close();
    await put(web, 1, 1);

    assert.deepEqual(
      [await countOf(web), await countOf(orders)],
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
    );
  });

  it("opens each of them anew where the thread has ended, with the panels of now", async () => {
    await put(web, 1, 2);
    await put(orders, 1, 1);
    await web.setPanels([{ title: "hello", query: "message:hello" }]);
    await workers[0]!.stop();
    await put(orders, 2, 1);
    await put(web, 3, 1);

    assert.equal(workers.length, 2);
    assert.deepEqual(
      [await countOf(web), await countOf(orders)],
      [
        [3, 0, 3],
        [2, 2, 2],
      ],
    );
  });

  it("never settles documents without those that a thread that ended has taken along", async () => {
    const documents = byeDocuments(1, 3);
    await web.write(documents.slice(0, 1));
    await workers[0]!.stop();
    await assert.rejects(web.write(documents.slice(1)), /undone/);

    await web.write(documents);
    await workers[1]!.stop();
    await assert.rejects(web.settle(settledThrough(3)), /undone/);
    assert.deepEqual(await countOf(web), [0, 0, 0]);

    await web.write(documents);
    await web.settle(settledThrough(3));
    assert.deepEqual(await countOf(web), [3, 3, 3]);
  });

  it("counts once what was settled by a thread that ended before it could say so", async () => {
    endsBeforeAnswer = true;
    await assert.rejects(put(web, 1, 3), /worker has ended/);
    await put(web, 1, 3);
    await put(web, 4, 1);

    assert.deepEqual(await countOf(web), [4, 4, 4]);
  });
});
