/** A thread that fails in the midst of its work, with a file locked. */
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { answerCalls } from "../../../../local/search/threads/answer-calls";

answerCalls({
  lock: () => new DatabaseSync(workerData.data).exec("BEGIN IMMEDIATE"),
  fail: () =>
    queueMicrotask(() => {
      throw new Error("the thread failed");
    }),
});
