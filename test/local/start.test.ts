import { strict as assert } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { type Ready, root, startRun } from "../../engines/local-run";
import { exitCodeOf, UserError } from "../../local/errors";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import { type LocalRun, startLocalRun } from "../../local/run";
import { aPlan, aProcessor, aStream, temporaryFolder } from "./fakes";

const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await what()) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  assert.fail("waited 30 s in vain");
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

/** The numbers of all records in the backup. */
const backedUp = (data: string): string[] =>
  (readdirSync(join(data, "s3"), { recursive: true }) as string[])
    .map((name) => join(data, "s3", name))
    .filter((file) => statSync(file).isFile())
    .flatMap((file) => Array.from(readFileSync(file, "utf8").matchAll(/hello world (\d+)/g), ([, n]) => n!));

const upperCase = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => ({
  recordId, result: "Ok", data: Buffer.from(Buffer.from(data, "base64").toString().replace("hello", "bye")).toString("base64") })) })`;

type Options = Partial<Parameters<typeof startLocalRun>[0]> & { readonly dataFolder: string };

/** In this process, without an evaluation of the program. */
const startHere = (options: Options): Promise<LocalRun> =>
  startLocalRun({
    folder: root,
    stack: "dev",
    firehosePort: 0,
    dashboardPort: 0,
    searchPort: 0,
    plan: Promise.resolve(aPlan(aStream({ processor: aProcessor(upperCase) }))),
    log: () => {},
    ...options,
  });

/** What a start ends with. */
async function refusal(options: Options): Promise<{ code: number; text: string }> {
  try {
    await (await startHere(options)).stop();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.doesNotMatch(error.message, /\n/, "one line");
    return { code: exitCodeOf(error), text: error.message };
  }
  assert.fail("it has started");
}

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

describe("a local run", () => {
  let data: string;
  let run: LocalRun | undefined;
  beforeEach(function () {
    data = join(temporaryFolder(this), "data");
  });
  afterEach(async () => {
    await run?.stop();
    run = undefined;
  });

  async function begin(options: Partial<Options> = {}): Promise<LocalRun["ready"]> {
    run = await startHere({ dataFolder: data, ...options });
    return run.ready;
  }

  it("shows the same after a stop and a start", async () => {
    const ready = await begin();
    await clientOf(ready).send(hello(ready.streamName, 1, 100));
    await until(
      async () => (await get<{ count: number }>(`${ready.dashboard}/api/count?q=message:bye`)).count === 100,
    );
    assert.equal((await get<{ count: number }>(`${ready.dashboard}/api/count?q=message:hello`)).count, 0);
    await run!.stop();
    const again = await begin();
    const { indexed, accepted } = await get<Record<string, number>>(`${again.dashboard}/api/status`);
    assert.deepEqual([accepted, indexed], [100, 100]);
  });

  it("writes where it can be reached while it is up, into a folder and files that are its user's alone", async () => {
    const { firehose, streamName } = await begin();
    const written = JSON.parse(readFileSync(join(data, "run.json"), "utf8"));
    assert.deepEqual(
      [written.firehose, written.streamName, written.region],
      [firehose, streamName, "eu-west-1"],
    );
    const modeOf = (name: string): number => statSync(join(data, name)).mode & 0o777;
    for (const folder of ["", "s3", "logs"]) assert.equal(modeOf(folder), 0o700, folder);
    for (const file of ["queue.sqlite", "queue.mark", "index.sqlite", "index.sqlite.lock", "run.json"]) {
      assert.equal(modeOf(file), 0o600, file);
    }
  });

  it("says in one line that a port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    const firehose = await refusal({ dataFolder: data, firehosePort: port });
    const dashboard = await refusal({ dataFolder: data, dashboardPort: port });
    server.close();
    assert.equal(firehose.code, 1);
    assert.match(firehose.text, new RegExp(`^Firehose endpoint: port ${port} is in use\\..*--firehose-port`));
    assert.match(dashboard.text, new RegExp(`^Dashboard: port ${port} is in use\\..*--dashboard-port`));
  });

  it("says in one line that an address is not of this machine", async () => {
    const { code, text } = await refusal({ dataFolder: data, host: "192.0.2.1" });
    assert.equal(code, 2);
    assert.match(text, /^--host 192\.0\.2\.1 is no address of this machine\. .*0\.0\.0\.0/);
  });

  it("says in one line what is in the way of its data folder", async () => {
    const file = join(data, "..", "file");
    writeFileSync(file, "");
    for (const dataFolder of [join(file, "below"), file, "/proc/foo"]) {
      const { code, text } = await refusal({ dataFolder });
      assert.equal(code, 2);
      assert.match(text, /^The data folder .* cannot be written \(.*\)\. .*--data DIR\.$/);
    }
    mkdirSync(data);
    for (const name of ["queue.sqlite", "queue.mark", "index.sqlite", "index.sqlite.lock", "run.json"]) {
      await wrongly(() => mkdirSync(join(data, name)), name, /is a folder; a run keeps a file there/);
    }
    for (const name of ["s3", "logs"]) {
      await wrongly(() => writeFileSync(join(data, name), ""), name, /is a file; a run keeps a folder there/);
    }
    await wrongly(
      () => writeFileSync(join(data, "index.sqlite.lock"), "x"),
      "index.sqlite.lock",
      /is no lock of a run\. Delete it/,
    );
  });

  async function wrongly(make: () => void, name: string, problem: RegExp): Promise<void> {
    make();
    const { code, text } = await refusal({ dataFolder: data });
    rmSync(join(data, name), { recursive: true });
    assert.equal(code, 2, text);
    assert.match(text, problem);
    assert.ok(text.includes(join(data, name)));
  }

  it("makes nothing where the program refuses its settings, and passes on every problem in one message", async () => {
    const set = ["processor=mpa", "bufferIntervalSeconds=901", "indexName=Web-Logs"];
    const wrong = evaluateApart({ folder: root, stack: "dev", set });
    await assert.rejects(begin({ plan: wrong }), (error) => {
      assert.ok(error instanceof UserError);
      for (const part of [
        "processor",
        "mpa",
        "identity",
        "bufferIntervalSeconds",
        "901",
        "900",
        "indexName",
        "Web-Logs",
      ]) {
        assert.ok(error.message.includes(part), part);
      }
      return true;
    });
    assert.equal(existsSync(data), false);
  });
});
