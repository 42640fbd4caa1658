/** `npm start` as a person starts it, kills it, and starts it again; crash.test.ts does so many times. */
import { strict as assert } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startRun } from "../../engines/local-run";
import { temporaryFolder } from "../local/fakes";
import { clientOf, get, hello, refusal } from "../local/run-here";
import { until } from "../until";

/** The numbers of all records in the backup. */
const backedUp = (data: string): string[] =>
  (readdirSync(join(data, "s3"), { recursive: true }) as string[])
    .map((name) => join(data, "s3", name))
    .filter((file) => statSync(file).isFile())
    .flatMap((file) => Array.from(readFileSync(file, "utf8").matchAll(/hello world (\d+)/g), ([, n]) => n!));

describe("npm start", () => {
  const children: ChildProcess[] = [];
  after(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  it("runs the deployed closure, loses and doubles nothing when it is killed under load, stops on Ctrl-C; its folder is its alone [B26]", async function () {
    const data = join(temporaryFolder(this), "data");
    const begin = () => {
      const run = startRun({ data });
      children.push(run.child);
      return run;
    };
    const first = begin();
    const { firehose, streamName, ...ready } = await first.ready;
    const client = clientOf({ firehose, streamName, ...ready });
    let [sent, acknowledged] = [0, 0];
    try {
      for (;;) {
        if (acknowledged >= 2000) first.child.kill("SIGKILL");
        sent += 500;
        await client.send(hello(streamName, sent - 499, 500));
        acknowledged += 500;
      }
    } catch {
      // Killed: the last batch may or may not have been taken.
    }
    await first.ended;
    const second = begin();
    const again = await second.ready;
    await until(async () => {
      const status = await get<Record<string, number>>(`${again.dashboard}/api/status`);
      return status["waiting"] === 0 && status["backedUp"] === status["accepted"];
    });
    const { accepted, indexed } = await get<Record<string, number>>(`${again.dashboard}/api/status`);
    assert.ok(accepted! >= acknowledged && accepted! <= sent, `${acknowledged} <= ${accepted} <= ${sent}`);
    assert.equal(indexed, accepted);
    const { count } = await get<{ count: number }>(`${again.dashboard}/api/count?q=message:bye`);
    assert.equal(count, accepted);
    const numbers = backedUp(data);
    assert.equal(numbers.length, accepted);
    assert.equal(new Set(numbers).size, accepted, "every record once");
    const { code, text } = await refusal({ dataFolder: data });
    assert.equal(code, 1);
    assert.match(text, /^The data folder .* is in use by another run\..*--data DIR\.$/);
    second.child.kill("SIGINT");
    assert.equal((await second.ended).code, 0);
    assert.equal(existsSync(join(data, "run.json")), false);
  });
});
