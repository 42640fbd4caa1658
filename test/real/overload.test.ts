import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand, ServiceUnavailableException } from "@aws-sdk/client-firehose";
import { type Ready, type StartedRun, startRun } from "../../engines/local-run";

/** Overload may take 600 MB at the most. */
const mostMiB = 600;
const senders = 32;

interface Load {
  readonly title: string;
  readonly records: number;
  readonly bytes: number;
  /** Calls in all; what was refused is not sent again. */
  readonly calls: number;
  readonly processor: string;
}

const loads: readonly Load[] = [
  { title: "four records of 1 MB in each call", records: 4, bytes: 1_000_000, calls: 80, processor: "map" },
  {
    title: "500 records of 200 bytes in each call",
    records: 500,
    bytes: 200,
    calls: 800,
    processor: "identity",
  },
];

describe("npm start, given more than it can deliver", () => {
  let started: StartedRun;
  let run: Ready;
  let data: string;

  async function start(processor: string): Promise<void> {
    data = mkdtempSync(join(tmpdir(), "overload-"));
    started = startRun({ data, set: [`processor=${processor}`] });
    run = await started.ready;
  }

  afterEach(async () => {
    started.child.kill("SIGTERM");
    await started.ended;
    rmSync(data, { recursive: true, force: true });
  });

  for (const { title, records, bytes, calls, processor } of loads) {
    it(`stays below ${mostMiB} MiB, refuses or delivers every record, and loses none: ${title}`, async () => {
      await start(processor);
      const client = new FirehoseClient({
        endpoint: run.firehose,
        region: "eu-west-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
        maxAttempts: 1,
      });
      const words = "GET /shop/cart 200 ".repeat(Math.ceil(bytes / 19)).slice(0, bytes - 14);
      const Data = Buffer.from(`{"message":"${words}"}`);
      let left = calls;
      let taken = 0;
      const send = async (): Promise<void> => {
        while (left-- > 0) {
          const Records = Array.from({ length: records }, () => ({ Data }));
          await client.send(new PutRecordBatchCommand({ DeliveryStreamName: run.streamName, Records })).then(
            () => {
              taken += records;
            },
            (error: unknown) => assert.ok(error instanceof ServiceUnavailableException, String(error)),
          );
        }
      };

      await Promise.all(Array.from({ length: senders }, send));
      let status: Record<string, number>;
      do {
        await new Promise((wake) => setTimeout(wake, 200));
        status = (await (await fetch(`${run.dashboard}/api/status`)).json()) as Record<string, number>;
      } while (status["waiting"]! > 0 || status["backedUp"]! < status["accepted"]!);
      client.destroy();

      assert.deepEqual([status["accepted"], status["indexed"], status["failed"]], [taken, taken, 0]);
      const peakMiB =
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${started.child.pid}/status`, "utf8"))![1]) / 1024;
      console.log(`      ${taken} of ${calls * records} records taken, peak ${Math.round(peakMiB)} MiB`);
      assert.ok(peakMiB < mostMiB, `the peak was ${peakMiB} MiB`);
    });
  }
});
