import { strict as assert } from "node:assert";
import { join } from "node:path";
import { InspectorDoor } from "../../local/transform/inspector-door";
import { LambdaFunction } from "../../local/transform/lambda-function";
import { aDebugger, type TestDebugger } from "../a-debugger";
import { aProcessor, temporaryFolder } from "../local/fakes";

describe("a function that a debugger looks into", () => {
  let door: InspectorDoor;
  let fn: LambdaFunction | undefined;
  let watching: TestDebugger | undefined;
  afterEach(async () => {
    watching?.close();
    await fn?.close();
    await door.close();
  });

  const start = async (
    test: Mocha.Context,
    code: string,
    waits = false,
    timeoutSeconds = 5,
  ): Promise<void> => {
    door = await InspectorDoor.open(0, waits);
    const logFile = join(temporaryFolder(test), "function.log");
    fn = new LambdaFunction({ plan: aProcessor(code, { timeoutSeconds }), logFile, door });
    await fn.warm();
  };

  const stops =
    "exports.handler = async (event, context) => {\n  debugger;\n  return context.getRemainingTimeInMillis() > 10_000;\n};";

  const stopsForever = "exports.handler = async () => { debugger; for (;;); };";

  it("stops at a debugger statement, for longer than its time, and goes on", async function () {
    await start(this, stops, false, 0.05);
    watching = await aDebugger(door.port);
    const reply = fn!.invoke("{}");
    const { url, line } = await watching.paused();
    assert.deepEqual([url, line], ["file:///var/task/__index.js", 1]);
    // Longer than the function may take.
    await new Promise((over) => setTimeout(over, 60));
    watching.resume();
    assert.deepEqual(await reply, { payload: "true" });
  });

  it("waits for nobody, and has its time again where nobody is there any more", async function () {
    await start(this, stopsForever, false, 0.2);
    watching = await aDebugger(door.port);
    const reply = fn!.invoke("{}");
    await watching.paused();
    watching.close();
    assert.deepEqual(await reply, {
      errorType: "Sandbox.Timedout",
      errorMessage: "Task timed out after 0.2 seconds",
    });
  });

  it("is loaded when the debugger has come, where it is to wait for it", async function () {
    await start(this, `debugger; ${stops}`, true);
    const reply = fn!.invoke("{}");
    watching = await aDebugger(door.port);
    assert.equal((await watching.paused()).line, 0);
    watching.resume();
    assert.equal((await watching.paused()).line, 1);
    watching.resume();
    assert.deepEqual(await reply, { payload: "true" });
  });

  it("ends where it stands when the run ends", async function () {
    await start(this, stopsForever);
    watching = await aDebugger(door.port);
    const reply = fn!.invoke("{}");
    await watching.paused();
    await fn!.close();
    assert.deepEqual(await reply, {
      errorType: "Runtime.ExitError",
      errorMessage: "Runtime exited with status 1",
    });
  });
});
