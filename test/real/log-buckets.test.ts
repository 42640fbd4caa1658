/** Log buckets as a person tries them: `npm start`, and files laid into the folder. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type StartedRun, startRun } from "../../engines/local-run";

const count = 5000;
const accessLog = Array.from(
  { length: count },
  (_, n) =>
    `192.0.2.${n % 250} - - [29/Nov/2026:03:00:00 +0000] "GET /p${n} HTTP/1.1" 200 123 "-" "curl/8"\n`,
).join("");
const trail = JSON.stringify({
  Records: Array.from({ length: 300 }, (_, n) => ({
    eventVersion: "1.11",
    eventID: `e-${n}`,
    eventName: "Get",
  })),
});

interface Status {
  readonly [name: string]: unknown;
  readonly objects: { readonly waiting: number; readonly done: number; readonly failed: number };
}

describe("log buckets in npm start", () => {
  let data: string;
  let started: StartedRun | undefined;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), "log-buckets-"));
  });
  afterEach(async () => {
    started?.child.kill("SIGKILL");
    await started?.ended;
    rmSync(data, { recursive: true, force: true });
  });

  const lay = (key: string, body: string | Buffer): void =>
    writeFileSync(join(data, "s3/alb-logs/AWSLogs", key), body);

  async function start(processor: string): Promise<(objects: number) => Promise<Status>> {
    started = startRun({ data, set: [`processor=${processor}`, 'logBuckets=["alb-logs/AWSLogs/"]'] });
    const { dashboard } = await started.ready;
    return async (objects) => {
      for (;;) {
        const status = (await (await fetch(`${dashboard}/api/status`)).json()) as Status;
        const { waiting, done, failed } = status.objects;
        if (waiting === 0 && done + failed >= objects && status["waiting"] === 0) return status;
        await new Promise((wake) => setTimeout(wake, 100));
      }
    };
  }

  it("indexes the lines of what is laid there once, over a stop and a start, and lists what it cannot read", async () => {
    const settled = await start("access-log");
    lay("a.log.gz", gzipSync(accessLog));
    lay("x.parquet", "PAR1 and so on PAR1");
    // The call of a failed object comes to its end too.
    const { accepted, indexed, dropped, failed, objects } = await settled(3);

    assert.deepEqual([accepted, indexed, dropped, failed], [count, count, 0, 0]);
    assert.deepEqual(objects, { waiting: 0, done: 2, failed: 1 });
    assert.match(
      readFileSync(join(data, "failed-objects.jsonl"), "utf8"),
      /alb-logs\/AWSLogs\/x\.parquet.*is Parquet/,
    );

    started!.child.kill("SIGTERM");
    const { code, text } = await started!.ended;
    assert.equal(code, 0, text);
    const settledAgain = await start("access-log");
    lay("b.log", accessLog);
    assert.equal((await settledAgain(4))["indexed"], 2 * count);
  });

  it("cuts CloudTrail's files into their events", async () => {
    const settled = await start("cloudtrail");
    lay("t.json.gz", gzipSync(trail));
    const { accepted, indexed } = await settled(1);

    assert.deepEqual([accepted, indexed], [300, 300]);
  });
});
