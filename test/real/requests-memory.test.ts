/** What requests may hold in memory, tried against `npm start` as it is: the peak of the process is bounded. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { type Ready, type StartedRun, startRun } from "../../engines/local-run";

const mostMiB = 600;
const MiB = 1024 * 1024;

describe("npm start, asked for more than fits into memory", () => {
  let started: StartedRun;
  let run: Ready;
  let data: string;
  const sockets: Socket[] = [];

  before(async () => {
    data = mkdtempSync(join(tmpdir(), "requests-"));
    started = startRun({ data, set: ["processor=identity"] });
    run = await started.ready;
    const client = new FirehoseClient({
      endpoint: run.firehose,
      region: "eu-west-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 20,
    });
    const Data = Buffer.from(`{"message":"${"GET /shop/cart 200 ".repeat(50_000)}"}`);
    for (let n = 0; n < 25; n++) {
      const Records = [1, 2, 3, 4].map(() => ({ Data }));
      await client.send(new PutRecordBatchCommand({ DeliveryStreamName: run.streamName, Records }));
    }
    client.destroy();
    while ((await status())["waiting"]! > 0) await wait(100);
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(async () => {
    started.child.kill("SIGTERM");
    await started.ended;
    rmSync(data, { recursive: true, force: true });
  });

  const status = async () =>
    (await (await fetch(`${run.dashboard}/api/status`)).json()) as Record<string, number>;

  /** Connections that have sent this, and read nothing. */
  async function open(count: number, url: string, text: string, body?: Buffer): Promise<Socket[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connect(Number(new URL(url).port), "127.0.0.1");
        socket.on("error", () => {});
        sockets.push(socket);
        await once(socket, "connect");
        socket.pause();
        socket.write(text);
        if (body) socket.write(body);
        return socket;
      }),
    );
  }
  const post = (path: string, bytes: number) =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
    `X-Amz-Target: Firehose_20150804.PutRecordBatch\r\nContent-Length: ${bytes}\r\n\r\n`;

  async function staysSmall(): Promise<void> {
    // Whatever is held up, the small requests of a person are answered.
    for (let n = 0; n < 20; n++) {
      assert.equal((await fetch(`${run.dashboard}/api/status`)).status, 200);
      await wait(50);
    }
    const text = readFileSync(`/proc/${started.child.pid}/status`, "utf8");
    const peakMiB = Number(/VmHWM:\s+(\d+)/.exec(text)![1]) / 1024;
    console.log(`      peak ${Math.round(peakMiB)} MiB`);
    assert.ok(peakMiB < mostMiB, `the peak was ${peakMiB} MiB`);
  }

  it("stays below 600 MiB with large pages of large documents, read and not read", async () => {
    const pages = Array.from({ length: 8 }, async () => {
      const response = await fetch(`${run.dashboard}/api/search?size=500`);
      return [response.status, (await response.text()).length] as const;
    });
    await open(20, run.dashboard, "GET /api/search?size=500 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (const [code, length] of await Promise.all(pages)) {
      assert.ok(code === 503 || (code === 200 && length < 9 * MiB), `${code}: ${length}`);
    }
    await staysSmall();
  });

  it("stays below 600 MiB with exports that nobody reads", async () => {
    await open(20, run.dashboard, "GET /api/export HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await staysSmall();
  });

  it("stays below 600 MiB with bodies of brackets", async () => {
    const brackets = Buffer.alloc(8 * MiB - 1000, "[");
    await open(8, run.firehose, post("/", brackets.length), brackets);
    await open(8, run.dashboard, post("/api/replay", brackets.length), brackets);
    await staysSmall();
  });

  it("stays below 600 MiB with stalled bodies, and takes records meanwhile", async () => {
    const start = Buffer.alloc(15 * MiB, " ");
    await open(80, run.dashboard, post("/api/replay", 16 * MiB), start);
    await staysSmall();
    const client = new FirehoseClient({
      endpoint: run.firehose,
      region: "eu-west-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 10,
    });
    const Records = [{ Data: Buffer.from("{}") }];
    await client.send(new PutRecordBatchCommand({ DeliveryStreamName: run.streamName, Records }));
    client.destroy();
  });

  it("stays below 600 MiB with hundreds of connections that say nothing, or half of something", async () => {
    await open(300, run.dashboard, "GET /api/sta");
    await open(300, run.firehose, "");
    await open(90, run.dashboard, "GET /api/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await staysSmall();
  });
});
