/**
 * mocha's own report, and for who sees only the end of a log: each test that fails as a line in the file that LAST_WORDS
 * names, and an end, with a name, for a run that hangs as a whole. Used by .ci/run.
 */
const { appendFileSync } = require("node:fs");
const { relative } = require("node:path");
const { Worker } = require("node:worker_threads");
const { reporters, Runner } = require("mocha");

const file = process.env["LAST_WORDS"];
// What tests start is not a part of this run.
delete process.env["MOCHA_OPTIONS"];

/** The slowest tests end themselves after a quarter of an hour. */
const silenceMs = Number(process.env["LAST_WORDS_SILENCE_MS"] ?? 1_800_000);

/** In a thread of its own: whatever holds the others, it speaks. */
const watchSource = `
const { appendFileSync, writeSync } = require("node:fs");
const { parentPort, workerData: { file, silenceMs } } = require("node:worker_threads");
let timer;
parentPort.on("message", (last) => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const words = "HANGS: nothing in " + silenceMs / 60_000 + " minutes since " + last + "\\n";
    writeSync(2, "\\n" + words);
    if (file) appendFileSync(file, words);
    process.kill(process.pid, "SIGKILL");
  }, silenceMs);
});`;

const { EVENT_TEST_BEGIN, EVENT_TEST_END, EVENT_TEST_FAIL, EVENT_HOOK_BEGIN, EVENT_RUN_END } =
  Runner.constants;

module.exports = class LastWords extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const watch = new Worker(watchSource, { eval: true, workerData: { file, silenceMs } });
    watch.unref();
    const tell = (what) => watch.postMessage(what);
    tell("the start");
    for (const event of [EVENT_TEST_BEGIN, EVENT_TEST_END, EVENT_HOOK_BEGIN])
      runner.on(event, (test) => tell(test.fullTitle()));
    runner.on(EVENT_RUN_END, () => tell("the last test: something that a test has opened is open still"));
    runner.on(EVENT_TEST_FAIL, (test, { message }) => {
      const line = `${relative("", test.file ?? "")} ${test.fullTitle()}: ${message}`;
      if (file) appendFileSync(file, `${line.replace(/\s+/g, " ").slice(0, 400)}\n`);
    });
  }
};
