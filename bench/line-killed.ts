/** What the local run has no more after `kill -9` in the moment when the last of all records was acknowledged. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRun } from "../engines/local-run";
import { type LineOptions, publishAll, settingsOf, settled } from "./line";

export async function countLostByKill(options: LineOptions): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), "firehose-bench-"));
  let server = startRun({ data, ...settingsOf(options) });
  try {
    await publishAll(options, await server.ready);
    server.child.kill("SIGKILL");
    await server.ended;
    server = startRun({ data, ...settingsOf(options) });
    const { indexed } = await settled(await server.ready);
    server.child.kill("SIGTERM");
    await server.ended;
    return options.records - indexed;
  } finally {
    server.child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
}
