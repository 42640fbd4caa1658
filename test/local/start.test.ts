import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { root } from "../../engines/local-run";
import { UserError } from "../../local/errors";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import type { LocalRun } from "../../local/run";
import { until } from "../until";
import { temporaryFolder } from "./fakes";
import { clientOf, get, hello, type Options, refusal, startHere } from "./run-here";

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
    const notWritable = /^The data folder .* cannot be written \(.*\)\. .*--data DIR\.$/;
    for (const [dataFolder, said] of [
      [join(file, "below"), notWritable],
      ["/proc/foo", notWritable],
      [
        file,
        /file is a file; a run keeps a folder there\. Move it away, or take another folder: --data DIR\.$/,
      ],
    ] as const) {
      const { code, text } = await refusal({ dataFolder });
      assert.equal(code, 2);
      assert.match(text, said);
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
