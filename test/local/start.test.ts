import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { temporaryFolder } from "./fakes";

const root = resolve(__dirname, "../..");

interface Ready {
  readonly firehose: string;
  readonly dashboard: string;
  readonly streamName: string;
  readonly data: string;
}

/** `npm start` without npm, so that signals reach it. */
function start(...flags: string[]): {
  child: ChildProcess;
  ready: Promise<Ready>;
  ended: Promise<{ code: number | null; text: string }>;
} {
  const args = [
    "-r",
    join(root, "register.cjs"),
    join(root, "local/main.ts"),
    "--firehose-port",
    "0",
    "--dashboard-port",
    "0",
    "--json",
    ...flags,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let out = "";
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  const ended = new Promise<{ code: number | null; text: string }>((done) => {
    child.once("close", (code) => done({ code, text }));
  });
  const ready = new Promise<Ready>((done, fail) => {
    child.stdout.on("data", (chunk) => {
      out += chunk;
      if (out.includes("\n")) done(JSON.parse(out) as Ready);
    });
    child.once("close", () => fail(new Error(`ended before it was ready: ${text}`)));
  });
  ready.catch(() => {});
  return { child, ready, ended };
}

const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await what()) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  assert.fail("waited 15 s in vain");
}

const clientOf = ({ firehose }: Ready): FirehoseClient =>
  new FirehoseClient({
    endpoint: firehose,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });

const hello = (streamName: string, first: number, count: number): PutRecordBatchCommand =>
  new PutRecordBatchCommand({
    DeliveryStreamName: streamName,
    Records: Array.from({ length: count }, (_, i) => ({
      Data: new TextEncoder().encode(`{"message":"hello world ${first + i}"}\n`),
    })),
  });

describe("npm start", () => {
  const children: ChildProcess[] = [];
  let data: string;
  beforeEach(function () {
    data = join(temporaryFolder(this), "data");
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
  const begin = (...flags: string[]) => {
    const run = start("--data", data, ...flags);
    children.push(run.child);
    return run;
  };

  it("runs the deployed closure from endpoint to dashboard, and shows the same after a stop and a start", async () => {
    const first = begin();
    const ready = await first.ready;
    await clientOf(ready).send(hello(ready.streamName, 1, 100));
    await until(
      async () => (await get<{ count: number }>(`${ready.dashboard}/api/count?q=message:bye`)).count === 100,
    );
    assert.equal((await get<{ count: number }>(`${ready.dashboard}/api/count?q=message:hello`)).count, 0);
    first.child.kill("SIGINT");
    assert.equal((await first.ended).code, 0);
    assert.equal(existsSync(join(data, "run.json")), false);
    const again = await begin().ready;
    const { indexed, accepted } = await get<Record<string, number>>(`${again.dashboard}/api/status`);
    assert.deepEqual([accepted, indexed], [100, 100]);
  });

  it("counts hello with --set processor=identity", async () => {
    const ready = await begin("--set", "processor=identity").ready;
    await clientOf(ready).send(hello(ready.streamName, 1, 10));
    await until(
      async () => (await get<{ count: number }>(`${ready.dashboard}/api/count?q=message:hello`)).count === 10,
    );
  });

  it("loses and doubles nothing when it is killed under load [B26]", async () => {
    let acknowledged = 0;
    let sent = 0;
    for (const killAfterMs of [40, 150, 400, 900]) {
      const run = begin("--set", "processor=identity");
      const ready = await run.ready;
      const client = clientOf(ready);
      const timer = setTimeout(() => run.child.kill("SIGKILL"), killAfterMs);
      try {
        for (;;) {
          sent += 500;
          await client.send(hello(ready.streamName, sent - 499, 500));
          acknowledged += 500;
        }
      } catch {
        // Killed: the last batch may or may not have been taken.
      }
      clearTimeout(timer);
      await run.ended;
    }
    const ready = await begin("--set", "processor=identity").ready;
    await until(async () => {
      const status = await get<Record<string, number>>(`${ready.dashboard}/api/status`);
      return status["waiting"] === 0 && status["backedUp"] === status["accepted"];
    });
    const { accepted, indexed, backedUp } = await get<Record<string, number>>(
      `${ready.dashboard}/api/status`,
    );
    const { count } = await get<{ count: number }>(`${ready.dashboard}/api/count`);
    assert.ok(
      acknowledged > 0 && accepted! >= acknowledged && accepted! <= sent,
      `${acknowledged} <= ${accepted} <= ${sent}`,
    );
    assert.deepEqual([indexed, count, backedUp], [accepted, accepted, accepted]);
    const text = await (await fetch(`${ready.dashboard}/api/export?format=ndjson`)).text();
    const messages = text
      .trim()
      .split("\n")
      .map((line) => /hello world \d+/.exec(line)?.[0]);
    assert.equal(new Set(messages).size, accepted, "every document once");
  });

  it("says in one line that the data folder is in use", async () => {
    await begin().ready;
    const { code, text } = await begin().ended;
    assert.equal(code, 1);
    assert.match(text, /^The data folder .* is in use by another run\..*--data DIR\.\n$/m);
  });

  it("says in one line that a port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    const { code, text } = await begin("--firehose-port", String(port)).ended;
    server.close();
    assert.equal(code, 1);
    assert.match(text, new RegExp(`Firehose endpoint: port ${port} is in use\\..*--firehose-port`));
  });

  it("says in one line that the folder cannot be written", async () => {
    const file = join(data, "..", "file");
    chmodSync(join(data, ".."), 0o755);
    require("node:fs").writeFileSync(file, "");
    const { code, text } = await start("--data", join(file, "below")).ended;
    assert.equal(code, 1);
    assert.match(text, /The data folder .* cannot be written/);
  });

  it("stops at a wrong setting with every problem in one message, before anything is made", async () => {
    const { code, text } = await begin(
      "--set",
      "processor=mpa",
      "--set",
      "bufferIntervalSeconds=901",
      "--set",
      "indexName=Web-Logs",
    ).ended;
    assert.equal(code, 1);
    for (const part of [
      /processor/,
      /mpa/,
      /identity/,
      /map/,
      /bufferIntervalSeconds/,
      /901/,
      /900/,
      /indexName/,
      /Web-Logs/,
    ])
      assert.match(text, part);
    assert.doesNotMatch(text, /^\s+at /m, "no stack");
    assert.equal(existsSync(data), false);
  });

  it("names the known stacks for an unknown one, and the known keys for an unknown key", async () => {
    assert.match(
      (await begin("--stack", "nosuch").ended).text,
      /no Pulumi\.nosuch\.yaml\. Stacks here: .*dev/,
    );
    assert.match((await begin("--set", "procesor=map").ended).text, /unknown key\. Known: .*processor/);
  });

  it("writes where it can be reached while it is up", async () => {
    const { firehose, streamName } = await begin().ready;
    const run = JSON.parse(readFileSync(join(data, "run.json"), "utf8"));
    assert.deepEqual([run.firehose, run.streamName, run.region], [firehose, streamName, "eu-west-1"]);
  });
});
