import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-firehose";
import { UserError } from "../../local/errors";
import type { Plan, StreamPlan } from "../../local/plan/plan";
import { type LocalRun, startLocalRun } from "../../local/run";
import { aBucketStream, aPlan, aProcessor, aStreamNamed, temporaryFolder } from "./fakes";

const shout = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
  const text = Buffer.from(data, "base64").toString();
  if (text.includes("drop")) return { recordId, result: "Dropped", data };
  if (text.includes("fail")) return { recordId, result: "ProcessingFailed", data };
  return { recordId, result: "Ok", data: Buffer.from(text.toUpperCase()).toString("base64") };
}) })`;

describe("a local run of several streams", () => {
  let data: string;
  let run: LocalRun | undefined;
  let client: FirehoseClient;
  let log: string[];
  beforeEach(function () {
    data = temporaryFolder(this);
    log = [];
  });
  afterEach(async () => {
    client?.destroy();
    await run?.stop();
    run = undefined;
  });

  async function start(...streams: StreamPlan[]): Promise<void> {
    const plan: Plan = aPlan(...streams);
    run = await startLocalRun({
      stack: "test",
      dataFolder: data,
      firehosePort: 0,
      dashboardPort: 0,
      searchPort: 0,
      plan: Promise.resolve(plan),
      log: (text) => log.push(text),
    });
    client = new FirehoseClient({
      endpoint: run.ready.firehose,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
    });
  }

  const put = (stream: string, ...texts: string[]) =>
    client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: stream,
        Records: texts.map((text) => ({ Data: Buffer.from(text) })),
      }),
    );

  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  const get = async (path: string): Promise<any> => (await fetch(run!.ready.dashboard + path)).json();

  /** The counts of a stream once nothing waits, and so many records are backed up. */
  async function settled(stream: string, backedUp = 0): Promise<Record<string, number>> {
    for (;;) {
      const { rooms: _, ...counts } = await get(`/api/status?stream=${stream}`);
      if (counts.waiting === 0 && counts.backedUp >= backedUp) return counts;
      await new Promise((wake) => setTimeout(wake, 5));
    }
  }

  /** Keys and texts of the objects in a bucket. */
  function objects(bucket: string): [key: string, text: string][] {
    const folder = join(data, "s3", bucket);
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => {
        const body = readFileSync(file);
        const text = file.endsWith(".gz") ? gunzipSync(body) : body;
        return [file.slice(folder.length + 1), text.toString()];
      });
  }

  const twoIndices = () => [aStreamNamed("web"), aStreamNamed("orders")];

  it("delivers and backs up at once when it is told to, whatever the buffering intervals, and goes on taking records", async () => {
    const slow = { bufferIntervalSeconds: 900 };
    const { destination, backup } = aStreamNamed("web");
    const stream = aStreamNamed("web", {
      destination: { ...destination, ...slow },
      backup: { ...backup, ...slow },
    });
    await start(stream);
    await put("web", "{}");
    assert.equal((await get("/api/status")).waiting, 1);
    run!.deliverAtOnce();
    assert.equal((await settled("web", 1)).indexed, 1);
    await put("web", "{}");
    assert.equal((await settled("web", 2)).indexed, 2);
  });

  it("takes records for each by its name, and keeps their counts and documents apart", async () => {
    await start(...twoIndices());
    await put("web", '{"n":1}', '{"n":2}', "torn");
    await put("orders", '{"n":3}');

    const web = await settled("web");
    const orders = await settled("orders");

    assert.deepEqual([web["indexed"], web["failed"], orders["indexed"], orders["failed"]], [2, 1, 1, 0]);
    const found = await get("/api/search?stream=orders&q=n:[1 TO 3]");
    assert.deepEqual(
      found.hits.map(({ _source }: { _source: object }) => _source),
      [{ n: 3 }],
    );
    assert.equal((await get("/api/count?q=n:3")).count, 0, "the first stream where none is named");
    assert.equal((await get("/api/failures?stream=web")).failures.length, 1);
    assert.equal((await get("/api/failures?stream=orders")).failures.length, 0);
    assert.match(log.join("\n"), /^web: Records begin to fail/m);
  });

  it("lists and describes its streams, and answers for another name as AWS does", async () => {
    await start(aStreamNamed("web"), aStreamNamed("orders"), aBucketStream());
    const list = (input: object = {}) => client.send(new ListDeliveryStreamsCommand(input));
    assert.deepEqual((await list()).DeliveryStreamNames, ["clicks", "orders", "web"]);
    const part = await list({ Limit: 1, ExclusiveStartDeliveryStreamName: "clicks" });
    assert.deepEqual([part.DeliveryStreamNames, part.HasMoreDeliveryStreams], [["orders"], true]);
    assert.deepEqual((await list({ DeliveryStreamType: "MSKAsSource" })).DeliveryStreamNames, []);
    await assert.rejects(list({ Limit: 0 }), { name: "ValidationException" });

    const { DeliveryStreamDescription: clicks } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: "clicks" }),
    );
    const { ExtendedS3DestinationDescription: bucket } = clicks!.Destinations![0]!;
    assert.deepEqual(
      [bucket?.BucketARN, bucket?.Prefix, bucket?.S3BackupMode],
      ["arn:aws:s3:::clicks", "data/", "Disabled"],
    );
    await assert.rejects(put("web2", "x"), (error) => {
      assert.ok(error instanceof ResourceNotFoundException);
      assert.match(error.message, /streams of this run are web, orders, clicks\./);
      return true;
    });
    assert.deepEqual(
      (await get("/api/streams")).streams.map(({ name, destination }: Record<string, string>) => [
        name,
        destination,
      ]),
      [
        ["web", "search"],
        ["orders", "search"],
        ["clicks", "s3"],
      ],
    );
    const { error } = await get("/api/count?stream=web2");
    assert.match(error.message, /no stream web2; there are web, orders, clicks/);
  });

  it("says in its ready line and its file which streams there are", async () => {
    await start(...twoIndices());
    assert.deepEqual(run!.ready.streams, ["web", "orders"]);
    assert.equal(run!.ready.streamName, "web");
    const { streams } = JSON.parse(readFileSync(join(data, "run.json"), "utf8"));
    assert.deepEqual(streams, ["web", "orders"]);
  });

  it("keeps the files of a stream that was alone when another one comes, and of both when one goes", async () => {
    const [web, orders] = twoIndices() as [StreamPlan, StreamPlan];
    await start(web);
    await put("web", '{"n":1}');
    await settled("web");
    await run!.stop();
    assert.ok(existsSync(join(data, "queue.sqlite")));

    await start(orders, web);
    await put("orders", '{"n":2}');
    assert.equal((await settled("web"))["indexed"], 1);
    assert.equal((await settled("orders"))["indexed"], 1);
    assert.ok(existsSync(join(data, "streams/orders/index.sqlite")));
    await run!.stop();

    await start(orders);
    assert.equal((await settled("orders"))["indexed"], 1);
  });

  it("lets a function put records into another stream of the run", async () => {
    const forward = `const { request } = require("node:http");
      const put = (data) => new Promise((resolve, reject) => {
        const call = request(process.env.AWS_ENDPOINT_URL_FIREHOSE, { method: "POST",
          headers: { "x-amz-target": "Firehose_20150804.PutRecord" } }, (res) => res.resume().on("end", resolve));
        call.on("error", reject);
        call.end(JSON.stringify({ DeliveryStreamName: "orders", Record: { Data: data } }));
      });
      exports.handler = async ({ records }) => ({ records: await Promise.all(records.map(
        async ({ recordId, data }) => { await put(data); return { recordId, result: "Dropped", data }; })) });`;
    await start(aStreamNamed("web", { processor: aProcessor(forward) }), aStreamNamed("orders"));
    await put("web", '{"n":1}', '{"n":2}');
    assert.equal((await settled("web"))["dropped"], 2);
    assert.equal((await settled("orders"))["indexed"], 2);
  });

  describe("into a bucket", () => {
    it("writes what the function made of its records, end to end, and keeps what it failed apart", async () => {
      await start(aBucketStream({ processor: aProcessor(shout) }), aStreamNamed("web"));
      await put("clicks", "a\n", "drop", "fail", "b\n");

      const counts = await settled("clicks");

      assert.deepEqual([counts["indexed"], counts["dropped"], counts["failed"]], [2, 1, 1]);
      const [written, failed] = objects("clicks");
      assert.match(written![0], /^data\/\d{4}\/\d\d\/\d\d\/\d\d\/clicks-1-[\d-]+-[0-9a-f-]{36}$/);
      assert.equal(written![1], "A\nB\n");
      assert.match(failed![0], /^errors\/processing-failed\/\d{4}\//);
      assert.equal(Buffer.from(JSON.parse(failed![1]).rawData, "base64").toString(), "fail");
      assert.equal((await get("/api/failures?stream=clicks")).failures.length, 1);
      assert.equal((await get("/api/count?stream=clicks")).count, 0);
    });

    it("compresses, delimits and names its objects as the program says, and backs the sources up beside", async () => {
      const backup = { ...aStreamNamed("web").backup, bucketName: "sources", prefix: "raw/" };
      const destination = {
        compression: "GZIP",
        fileExtension: ".json.gz",
        delimiter: "\n",
        prefix: "year=!{timestamp:yyyy}/",
      } as const;
      await start(aBucketStream({ processor: aProcessor(shout), backup, destination }));
      await put("clicks", "a", "b");

      await settled("clicks", 2);

      const [[key, text]] = objects("clicks") as [[string, string]];
      assert.match(key, /^year=\d{4}\/clicks-1-.*\.json\.gz$/);
      assert.equal(text, "A\nB\n");
      assert.deepEqual(
        objects("sources").map(([, source]) => source),
        ["ab"],
      );
    });

    it("writes nothing where every record is dropped", async () => {
      await start(aBucketStream({ processor: aProcessor(shout) }));
      await put("clicks", "drop");
      assert.equal((await settled("clicks"))["dropped"], 1);
      assert.deepEqual(objects("clicks"), []);
    });

    it("does not go on with the files of a stream of that name that had an index", async () => {
      await start(aStreamNamed("clicks"));
      await put("clicks", '{"n":1}');
      await run!.stop();
      run = undefined;
      await assert.rejects(start(aBucketStream()), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /clicks delivered to another kind of destination/);
        return true;
      });
    });

    it("leaves nothing open where one of several streams cannot start", async () => {
      mkdirSync(join(data, "streams/orders/queue.sqlite"), { recursive: true });
      await assert.rejects(start(...twoIndices()), UserError);
      await start(aStreamNamed("web"), aStreamNamed("clicks"));
    });
  });
});
