/** `npm run demo`: what it sends, how it ends, and what it leaves. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startScript } from "../../engines/local-run";
import { finish } from "./spawned";

describe("npm run demo", () => {
  const demo = async (processor: string) => {
    const { code, stdout } = await finish(
      startScript("demo", ["50", "--json", "--set", `processor=${processor}`]),
    );
    return { code, ...(JSON.parse(stdout) as Record<"indexed" | "failed", number>) };
  };

  it("sends what the processor reads, and takes the events of a record for more records", async () => {
    const { code, indexed, failed } = await demo("cloudwatch-logs");
    assert.deepEqual([code, indexed > 50, failed], [0, true, 0]);
  });

  it("ends with 1 where records fail", async () => {
    const { code, indexed, failed } = await demo("vpc-flow");
    assert.deepEqual([code, indexed, failed], [1, 0, 50]);
  });

  it("leaves no folder behind where it is interrupted", async () => {
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
