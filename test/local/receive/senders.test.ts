/**
 * Senders whose packages cannot be had, replayed from their sources: what they send arrives, and what becomes of it where
 * the stream refuses for now, takes a part of a call, or its answer is lost. Where one loses or doubles by its source, that
 * is what is expected here, and docs/sources.md says it.
 */
import { strict as assert } from "node:assert";
import { slowDown } from "../../../local/receive/errors";
import { type Receiver, startReceiver } from "../../../local/receive/server";
import { type Faults, type Sink, startSink } from "../../publisher/sink";
import { recordsIn } from "../calls";
import { aStream } from "../fakes";
import { Endpoint } from "./senders/call";
import { FluentBit } from "./senders/fluent-bit";
import { KinesisAgent } from "./senders/kinesis-agent";
import { Logstash } from "./senders/logstash";
import { Vector } from "./senders/vector";

const events = Array.from({ length: 700 }, (_, n) => ({ log: `line "${n}" ü` }));
const line = (event: object): string => `${JSON.stringify(event)}\n`;
const lines = events.map(line);

describe("senders replayed from their sources, at the Firehose endpoint", () => {
  let receiver: Receiver;
  let endpoint: Endpoint;
  let taken: string[];
  /** Calls that are still refused, as where the disk is full. */
  let refusals: number;

  beforeEach(async () => {
    taken = [];
    refusals = 0;
    receiver = await startReceiver({
      port: 0,
      streams: [
        {
          stream: aStream(),
          createdMs: 0,
          accept: (records) => {
            if (refusals-- > 0) return Promise.reject(slowDown("The disk is full."));
            taken.push(...recordsIn(records).map(String));
            return Promise.resolve(taken.length);
          },
        },
      ],
      onError: (error) => assert.fail(String(error)),
    });
    endpoint = new Endpoint(receiver.url);
  });
  afterEach(async () => {
    endpoint.close();
    await receiver.close();
  });

  it("takes what Fluent Bit sends, byte for byte", async () => {
    assert.equal(await new FluentBit(endpoint, "web").send(events), "delivered");
    assert.deepEqual(taken, lines);
  });

  it("takes what Vector sends, byte for byte, and is healthy for it", async () => {
    const vector = new Vector(endpoint, "web");
    assert.equal(await vector.isHealthy(), true);
    assert.equal(await new Vector(endpoint, "other").isHealthy(), false);
    assert.deepEqual(await vector.send(events), ["delivered", "delivered"]);
    assert.deepEqual(
      taken,
      events.map((event) => JSON.stringify(event)),
    );
  });

  it("takes what the Kinesis Agent sends, byte for byte", async () => {
    assert.deepEqual(await new KinesisAgent(endpoint, "web").send(lines), ["delivered", "delivered"]);
    assert.deepEqual(taken, lines);
  });

  it("takes what Logstash sends, byte for byte", async () => {
    const few = lines.slice(0, 3);
    assert.deepEqual(await new Logstash(endpoint, "web").send(few), ["delivered", "delivered", "delivered"]);
    assert.deepEqual(taken, few);
  });

  it("loses nothing of Fluent Bit's where it refuses once, and a chunk where it refuses as often as Retry_Limit says", async () => {
    refusals = 1;
    assert.equal(await new FluentBit(endpoint, "web").send(events), "delivered");
    assert.deepEqual(taken, lines);

    refusals = 2;
    assert.equal(await new FluentBit(endpoint, "web").send(events), "dropped");
    refusals = 10;
    assert.equal(await new FluentBit(endpoint, "web", { retryLimit: Infinity }).send(events), "delivered");
  });

  it("loses nothing of Vector's and the Kinesis Agent's where it refuses for a while, and sends nothing twice", async () => {
    refusals = 6;
    await new Vector(endpoint, "web").send(events);
    assert.deepEqual(
      taken,
      events.map((event) => JSON.stringify(event)),
    );

    taken = [];
    refusals = 6;
    await new KinesisAgent(endpoint, "web").send(lines);
    assert.deepEqual(taken, lines);
  });

  it("loses an event of Logstash's where it refuses four times in a row", async () => {
    refusals = 4;
    assert.deepEqual(await new Logstash(endpoint, "web").send(lines.slice(0, 2)), ["dropped", "delivered"]);
    assert.deepEqual(taken, lines.slice(1, 2));
  });

  it("is told of a record that is too long: Vector gives up its whole batch, the others mend theirs before", async () => {
    const long = { log: "x".repeat(1_024_000) };
    assert.deepEqual(await new Vector(endpoint, "web").send([{ log: "short" }, long]), ["dropped"]);
    assert.equal(taken.length, 0);

    await new FluentBit(endpoint, "web").send([{ log: "short" }, long]);
    assert.deepEqual(taken, [line({ log: "short" })]);
    await new KinesisAgent(endpoint, "web").send([line(long)]);
    assert.deepEqual([taken[1]!.length, taken[1]!.slice(-3)], [1_024_000, "xx\n"]);
  });

  it("keeps a connection for longer than any of them leaves one unused", async () => {
    const answer = await endpoint.call({ "X-Amz-Target": "Firehose_20150804.ListDeliveryStreams" }, "{}");
    assert.ok(answer !== "lost");
    assert.equal(answer.headers["keep-alive"], "timeout=120");
  });

  it("answers a sender that asks first whether it may send", async () => {
    const answer = await endpoint.call(
      { "X-Amz-Target": "Firehose_20150804.ListDeliveryStreams", Expect: "100-continue" },
      "{}",
    );
    assert.ok(answer !== "lost");
    assert.equal(answer.status, 200);
  });
});

describe("senders replayed from their sources, where a stream takes a part of a call", () => {
  let sink: Sink;
  let endpoint: Endpoint;
  const open = async (faults: Faults): Promise<Endpoint> => {
    sink = await startSink(faults);
    endpoint = new Endpoint(sink.url);
    return endpoint;
  };
  afterEach(async () => {
    endpoint.close();
    await sink.close();
  });
  /** How often each of these was taken: the different counts, in order. */
  const times = (records: readonly string[]): number[] =>
    [...new Set(records.map((record) => sink.seen.get(Buffer.from(record).toString("base64")) ?? 0))].sort();
  const vectorLines = events.map((event) => JSON.stringify(event));

  it("has Fluent Bit send the whole chunk again: none is lost with a Retry_Limit that suffices, some come twice", async () => {
    const faulty = { failEntries: 0.1, throttleEntries: 0.1, calls: 1 };
    assert.equal(await new FluentBit(await open(faulty), "web").send(events), "delivered");
    assert.deepEqual(times(lines), [1, 2]);
  });

  it("has Vector lose what was not taken, unless it is told to send such calls again: then some come twice", async () => {
    assert.deepEqual(await new Vector(await open({ failEntries: 0.2, calls: 1 }), "web").send(events), [
      "delivered",
      "delivered",
    ]);
    assert.deepEqual(times(vectorLines), [0, 1]);
    await sink.close();

    await new Vector(await open({ failEntries: 0.2, calls: 1 }), "web", { retriesPartial: true }).send(
      events,
    );
    assert.deepEqual(times(vectorLines), [1, 2]);
  });

  it("has the Kinesis Agent send again what was not taken, and only that", async () => {
    await new KinesisAgent(await open({ failEntries: 0.3, throttleEntries: 0.3, calls: 3 }), "web").send(
      lines,
    );
    assert.deepEqual(times(lines), [1]);
  });

  it("has those that send batches send again where the answer is lost: none is lost, some come twice", async () => {
    await new FluentBit(await open({ dropAnswers: 1, calls: 1 }), "web").send(events);
    assert.deepEqual(times(lines), [1, 2]);
    await sink.close();
    await new Vector(await open({ tearAnswers: 1, calls: 1 }), "web").send(events);
    assert.deepEqual(times(vectorLines), [1, 2]);
    await sink.close();
    await new KinesisAgent(await open({ dropAnswers: 1, calls: 1 }), "web").send(lines);
    assert.deepEqual(times(lines), [1, 2]);
  });
});
