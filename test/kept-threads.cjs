/**
 * The index's threads go from one index of the tests to the next: to start a thread takes longer than most tests. It
 * begins each time with its entry file loaded anew, and ends with its files closed; one that is stopped while it is at
 * work is ended. test/real has every thread started, as a run has.
 */
const { EventEmitter } = require("node:events");
const { join } = require("node:path");
const threads = require("node:worker_threads");

const { Worker } = threads;

/** Runs in the thread, in the place of local/typescript-worker.ts's own. */
const bootstrap = `
const { EventEmitter } = require("node:events");
const Module = require("node:module");
const sqlite = require("node:sqlite");
const threads = require("node:worker_threads");

const { parentPort, workerData } = threads;
if (workerData.cacheFolder) Module.enableCompileCache(workerData.cacheFolder);
const codes = new Map();
const load = (module, file) => module._compile(codes.get(file), file);
Module._extensions[".ts"] = load;
Module._extensions[".peggy"] = load;

const open = new Set();
sqlite.DatabaseSync = class extends sqlite.DatabaseSync {
  constructor(...given) {
    super(...given);
    open.add(this);
  }
  close() {
    super.close();
    open.delete(this);
  }
};

let port;
const does = {
  begin({ file, data, added }) {
    for (const [name, code] of added) codes.set(name, code);
    port = new EventEmitter();
    port.postMessage = (answer) => parentPort.postMessage({ answer });
    threads.parentPort = port;
    workerData.data = data;
    delete require.cache[file];
    Module.createRequire(file)(file);
    Module.flushCompileCache();
  },
  call(message) {
    port.emit("message", message);
  },
  end() {
    for (const one of open) one.close();
    parentPort.postMessage({ ended: true });
  },
};
parentPort.on("message", ([what, given]) => does[what](given));
`;

const idle = [];

function startThread({ execArgv, resourceLimits, workerData: { cacheFolder } }) {
  const worker = new Worker(bootstrap, { eval: true, execArgv, resourceLimits, workerData: { cacheFolder } });
  const thread = { worker, user: undefined, known: new Set() };
  worker.on("message", (message) => thread.user?.receive(message));
  worker.on("error", (error) => thread.user?.emit("error", error));
  worker.on("exit", (code) => {
    if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
    thread.user?.leave(code);
  });
  return thread;
}

/** As much of a Worker as the index uses. */
class KeptThread extends EventEmitter {
  constructor(options) {
    super();
    const { file, codes, data } = options.workerData;
    this.unanswered = 0;
    this.thread = idle.pop() ?? startThread(options);
    this.thread.user = this;
    this.thread.worker.ref();
    const added = this.thread.known.has(file) ? [] : [...codes];
    this.thread.known.add(file);
    this.thread.worker.postMessage(["begin", { file, data, added }]);
  }

  postMessage(message) {
    if (this.ending) return;
    this.unanswered++;
    this.thread.worker.postMessage(["call", message]);
  }

  receive({ answer, ended }) {
    if (ended) {
      this.thread.worker.unref();
      idle.push(this.thread);
      this.leave(1);
    } else {
      this.unanswered--;
      this.emit("message", answer);
    }
  }

  leave(code) {
    this.thread.user = undefined;
    this.emit("exit", code);
  }

  terminate() {
    this.ending ??= new Promise((resolve) => {
      if (this.thread.user !== this) return resolve();
      this.once("exit", resolve);
      if (this.unanswered > 0) void this.thread.worker.terminate();
      else this.thread.worker.postMessage(["end"]);
    });
    return this.ending;
  }
}

const folder = join(__dirname, "../local/search/threads");

threads.Worker = new Proxy(Worker, {
  construct(_, [source, options]) {
    const isOfIndex = options?.workerData?.file?.startsWith(folder);
    return isOfIndex ? new KeptThread(options) : new Worker(source, options);
  },
});
