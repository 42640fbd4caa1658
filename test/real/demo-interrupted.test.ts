/** `npm run demo`, interrupted while it runs. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

describe("npm run demo, interrupted", function () {
  this.timeout(120_000);

  it("leaves no folder behind", async () => {
    const TMPDIR = mkdtempSync(join(tmpdir(), "interrupted-"));
    const folders = () => readdirSync(TMPDIR).filter((name) => name.startsWith("firehose-demo-"));
    const child = spawn(process.execPath, ["-r", "./register.cjs", "local/demo.ts", "1000000"], {
      cwd: join(__dirname, "../.."),
      env: { ...process.env, TMPDIR },
      stdio: "ignore",
    });
    const exited = once(child, "exit");
    const isRunning = () => folders().some((name) => readdirSync(join(TMPDIR, name)).includes("run.json"));
    while (!isRunning() && child.exitCode === null) await new Promise((wake) => setTimeout(wake, 50));

    child.kill("SIGINT");
    const [code] = await exited;

    assert.deepEqual([code, folders()], [130, []]);
    rmSync(TMPDIR, { recursive: true, force: true });
  });
});
