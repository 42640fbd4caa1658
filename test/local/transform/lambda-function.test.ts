import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { threadMemoryOf } from "../../../local/thread-memory";
import { LambdaFunction } from "../../../local/transform/lambda-function";
import { until } from "../../until";
import { aProcessor, temporaryFolder } from "../fakes";

describe("LambdaFunction", () => {
  const running: LambdaFunction[] = [];
  let logFile: string;
  beforeEach(function () {
    logFile = join(temporaryFolder(this), "function.log");
  });
  afterEach(() => Promise.all(running.splice(0).map((fn) => fn.close())));

  const make = (code: string, changes = {}): LambdaFunction => {
    const fn = new LambdaFunction({ plan: aProcessor(code, changes), logFile, environment: { A: "1" } });
    running.push(fn);
    return fn;
  };

  /** A function that does one of these, whose number is its event. */
  const oneOf = (bodies: readonly string[]): string =>
    `const bodies = [${bodies.map((body) => `async () => { ${body} }`)}]; exports.handler = (at) => bodies[at]();`;

  it("calls the exported handler with event and context, and gives its answer as text", async () => {
    const fn = make(
      "exports.handler = async (e, c) => ({ n: e.n + 1, name: c.functionName, env: process.env.A })",
    );
    assert.deepEqual(await fn.invoke('{"n":1}'), { payload: '{"n":2,"name":"transform","env":"1"}' });
  });

  it("keeps what the function has at module level from call to call", async () => {
    const fn = make("let n = 0; exports.handler = async () => ++n");
    await fn.invoke("{}");
    assert.deepEqual(await fn.invoke("{}"), { payload: "2" });
  });

  it("gives back what a call has left behind when no other comes", async () => {
    const code = `let left; exports.handler = async () => {
      if (left) return left.deref() === undefined;
      const objects = Array.from({ length: 300_000 }, (_, at) => ({ at }));
      left = new WeakRef(objects);
    }`;
    const memory = { ...threadMemoryOf(1), functionIdleMs: 1 };
    const fn = new LambdaFunction({ plan: aProcessor(code), logFile, memory });
    running.push(fn);
    await fn.invoke("{}");
    await until(async () => isDeepStrictEqual(await fn.invoke("{}"), { payload: "true" }));
  });

  it("gives the error of a function that throws [B04]", async () => {
    const fn = make("exports.handler = async () => { throw new TypeError('no') }");
    assert.deepEqual(await fn.invoke("{}"), { errorType: "TypeError", errorMessage: "no" });
  });

  it("ends a function that hangs, and the next call works", async () => {
    const fn = make("exports.handler = async (e) => { while (e.hang); return 1 }", { timeoutSeconds: 0.5 });
    assert.deepEqual(await fn.invoke('{"hang":true}'), {
      errorType: "Sandbox.Timedout",
      errorMessage: "Task timed out after 0.5 seconds",
    });
    const patient = make("exports.handler = async (e) => { while (e.hang); return 1 }");
    assert.deepEqual(await patient.invoke("{}"), { payload: "1" });
  });

  it("survives a function that exits the process, and starts it anew", async () => {
    const fn = make("exports.handler = async (e) => { if (e.exit) process.exit(3); return 1 }");
    const reply = await fn.invoke('{"exit":true}');
    assert.deepEqual(reply, { errorType: "Runtime.ExitError", errorMessage: "Runtime exited with status 3" });
    assert.deepEqual(await fn.invoke("{}"), { payload: "1" });
  });

  it("starts a function anew that ended itself after its answer", async () => {
    const fn = make(
      "let n = 0; exports.handler = async (e) => { if (e.exit) setImmediate(() => process.exit(3)); return ++n }",
    );
    assert.deepEqual(await fn.invoke('{"exit":true}'), { payload: "1" });
    // The one that ends may still answer, or end under the call.
    await until(async () => isDeepStrictEqual(await fn.invoke("{}"), { payload: "1" }));
    assert.deepEqual(await fn.invoke("{}"), { payload: "2" });
  });

  it("gives the error of a function that fails beside its call, and the next call works", async () => {
    const code = (fail: string) =>
      `exports.handler = async (e) => { if (e.fail) { ${fail}; await new Promise(() => {}) } return 1 }`;
    for (const fail of [
      "setImmediate(() => { throw new Error('aside') })",
      "Promise.reject(new Error('aside'))",
    ]) {
      const fn = make(code(fail));
      const reply = await fn.invoke('{"fail":true}');
      assert.match("errorMessage" in reply ? reply.errorMessage : "", /aside/);
      assert.deepEqual(await fn.invoke("{}"), { payload: "1" });
    }
  });

  it("ends a function whose promise never settles", async () => {
    const code = "exports.handler = (e) => (e.hang ? new Promise(() => {}) : 1)";
    const reply = await make(code, { timeoutSeconds: 0.5 }).invoke('{"hang":true}');
    assert.equal("errorType" in reply && reply.errorType, "Sandbox.Timedout");
    assert.deepEqual(await make(code).invoke("{}"), { payload: "1" });
  });

  it("gives an error for what is no error and for answers that are no JSON", async () => {
    const wrong = [
      ["throw 'text'", /^text$/],
      ["throw undefined", /^undefined$/],
      ["throw null", /^null$/],
      ["const a = {}; a.a = a; return a", /circular/],
      ["return 1n", /BigInt/],
      ["return { toJSON() { throw new Error('no json') } }", /no json/],
    ] as const;
    const fn = make(oneOf(wrong.map(([body]) => body)));
    for (const [at, [body, message]] of wrong.entries()) {
      const reply = await fn.invoke(String(at));
      assert.match("errorMessage" in reply ? reply.errorMessage : JSON.stringify(reply), message, body);
    }
  });

  it("gives null for an answer of nothing", async () => {
    const bodies = ["", "return null", "return () => 1", "return Symbol('s')"];
    const fn = make(oneOf(bodies));
    for (const [at, body] of bodies.entries())
      assert.deepEqual(await fn.invoke(String(at)), { payload: "null" }, body);
  });

  it("survives a function that eats memory", async () => {
    const code =
      "exports.handler = async () => { const a = []; for (;;) a.push(new Array(1_000_000).fill(a.length + 0.5)) }";
    const reply = await make(code, { memoryMiB: 64 }).invoke("{}");
    assert.equal("errorType" in reply && reply.errorType, "Runtime.OutOfMemory");
  });

  it("survives a function that eats memory in buffers", async () => {
    const code =
      "exports.handler = async () => { const a = []; while (a.length < 90) a.push(Buffer.alloc(16 * 1048576, 1)); return a.length }";
    const reply = await make(code, { memoryMiB: 64 }).invoke("{}");
    assert.equal("errorType" in reply && reply.errorType, "Runtime.OutOfMemory");
  });

  it("counts memory outside of the heap: buffers that the machine has room for are too many for the function", async () => {
    const code =
      "exports.handler = async () => { const a = []; while (a.length < 22) a.push(Buffer.alloc(8 * 1048576, 1)); await new Promise((wake) => setTimeout(wake, 20_000)); return a.length }";
    const reply = await make(code, { memoryMiB: 64, timeoutSeconds: 20 }).invoke("{}");
    assert.equal("errorType" in reply && reply.errorType, "Runtime.OutOfMemory");
  });

  it("unpacks nothing that is larger than the function's memory, in whichever way it is asked for", async () => {
    const code = `const zlib = require("node:zlib");
      const bomb = zlib.gzipSync(Buffer.alloc(33 * 1048576), { level: 1 });
      const code = (error) => error.code;
      exports.handler = async () => Promise.all([
        (async () => zlib.gunzipSync(bomb))().catch(code),
        (async () => zlib.unzipSync(bomb, { finishFlush: zlib.constants.Z_SYNC_FLUSH }))().catch(code),
        require("node:util").promisify(zlib.gunzip)(bomb).catch(code),
        (async () => zlib.gunzipSync(zlib.gzipSync("small")).toString())(),
      ])`;
    const reply = await make(code, { memoryMiB: 32 }).invoke("{}");
    const tooLarge = "ERR_BUFFER_TOO_LARGE";
    assert.deepEqual(reply, { payload: JSON.stringify([tooLarge, tooLarge, tooLarge, "small"]) });
  });

  it("refuses an answer of more than 6 MiB [B07]", async () => {
    const fn = make("exports.handler = async (e) => 'x'.repeat(e.length)");
    const reply = await fn.invoke('{"length":6291455}');
    assert.equal("errorType" in reply && reply.errorType, "Function.ResponseSizeTooLarge");
    assert.ok("payload" in (await fn.invoke('{"length":6291454}')));
  });

  it("refuses an event of more than 6 MiB", async () => {
    const reply = await make("exports.handler = async () => 1").invoke(JSON.stringify("x".repeat(6_291_456)));
    assert.equal("errorType" in reply && reply.errorType, "RequestEntityTooLargeException");
  });

  it("gives the error of a text that does not load, at every call", async () => {
    const fn = make("require('left-pad')");
    for (let i = 0; i < 2; i++) {
      const reply = await fn.invoke("{}");
      assert.match("errorMessage" in reply ? reply.errorMessage : "", /Cannot find module 'left-pad'/);
    }
  });

  it("writes what the function prints to its log", async () => {
    await make("exports.handler = async () => { console.log('seen'); return 1 }").invoke("{}");
    await until(() => existsSync(logFile) && readFileSync(logFile, "utf8").includes("seen"));
  });
});
