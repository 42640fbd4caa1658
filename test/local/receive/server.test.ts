import { strict as assert } from "node:assert";
import { request } from "node:http";
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  ResourceNotFoundException,
  ServiceUnavailableException,
} from "@aws-sdk/client-firehose";
import { BodyReader } from "../../../local/body-reader";
import type { CallRecords } from "../../../local/call-records";
import { MemoryBudget } from "../../../local/memory-budget";
import { slowDown } from "../../../local/receive/errors";
import { type Receiver, startReceiver } from "../../../local/receive/server";
import { recordsIn } from "../calls";
import { aStream } from "../fakes";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the Firehose endpoint", () => {
  let receiver: Receiver;
  let client: FirehoseClient;
  let accepted: string[];
  let refusal: Error | undefined;
  let accept: ((records: CallRecords) => Promise<number>) | undefined;

  beforeEach(async () => {
    accepted = [];
    refusal = undefined;
    accept = undefined;
    await begin();
  });

  async function begin(bodies = new BodyReader()): Promise<void> {
    receiver = await startReceiver({
      port: 0,
      bodies,
      streams: [
        {
          stream: aStream(),
          createdMs: 1_772_323_200_000,
          accept: (records) => {
            if (refusal) return Promise.reject(refusal);
            if (accept) return accept(records);
            accepted.push(...recordsIn(records).map((record) => record.toString("latin1")));
            return Promise.resolve(accepted.length - records.lengths.length + 1);
          },
        },
      ],
      onError: (error) => assert.fail(String(error)),
    });
    client = new FirehoseClient({
      endpoint: receiver.url,
      region: "eu-west-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    });
  }

  async function end(): Promise<void> {
    client.destroy();
    await receiver.close();
  }
  afterEach(end);

  const put = (...records: (string | Uint8Array)[]) =>
    client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: "web",
        Records: records.map((data) => ({ Data: typeof data === "string" ? bytes(data) : data })),
      }),
    );

  /** Status and body of a request that no SDK would send. */
  const raw = (
    body: string,
    headers: Record<string, string> = {},
    target = "Firehose_20150804.PutRecordBatch",
  ): Promise<{ status: number; type: string; message: string }> =>
    new Promise((resolve, reject) => {
      const req = request(
        receiver.url,
        { method: "POST", headers: { "x-amz-target": target, ...headers } },
        (res) => {
          let text = "";
          res.on("data", (chunk) => {
            text += chunk;
          });
          res.on("end", () => {
            const { __type: type, message } = JSON.parse(text);
            resolve({ status: res.statusCode!, type, message });
          });
        },
      );
      req.on("error", reject);
      req.end(body);
    });

  const isAlive = async (): Promise<void> => assert.equal((await put("alive")).FailedPutCount, 0);

  it("takes a batch from the real SDK byte for byte, encoded once [B11]", async () => {
    const answer = await put("hello", "aGVsbG8=", new Uint8Array([0xff, 0x00, 0x0a]));
    assert.equal(answer.FailedPutCount, 0);
    assert.equal(new Set(answer.RequestResponses?.map(({ RecordId }) => RecordId)).size, 3);
    assert.deepEqual(accepted, ["hello", "aGVsbG8=", "\xff\x00\n"]);
  });

  it("answers Fluent Bit with the very text by which it knows that all is taken, and an error by the name it looks for", async () => {
    const ask = async (stream: string): Promise<string> => {
      const answer = await fetch(receiver.url, {
        method: "POST",
        headers: {
          "user-agent": "aws-fluent-bit-plugin",
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "Firehose_20150804.PutRecordBatch",
        },
        body: `{"DeliveryStreamName":"${stream}","Records":[{"Data":"${btoa('{"log":"a"}')}"},{"Data":"${btoa('{"log":"b"}')}"}]}`,
      });
      return answer.text();
    };

    assert.ok((await ask("web")).includes('"FailedPutCount":0'));
    assert.deepEqual(accepted, ['{"log":"a"}', '{"log":"b"}']);
    assert.equal(JSON.parse(await ask("other")).__type, "ResourceNotFoundException");
  });

  it("takes a single record", async () => {
    const { RecordId } = await client.send(
      new PutRecordCommand({ DeliveryStreamName: "web", Record: { Data: bytes("one") } }),
    );
    assert.match(RecordId ?? "", /^local\d+$/);
    assert.deepEqual(accepted, ["one"]);
  });

  it("describes and lists its stream", async () => {
    const { DeliveryStreamDescription: description } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: "web" }),
    );
    assert.equal(description?.DeliveryStreamStatus, "ACTIVE");
    assert.equal(description?.CreateTimestamp?.getTime(), 1_772_323_200_000);
    const [destination] = description?.Destinations ?? [];
    assert.equal(destination?.AmazonopensearchserviceDestinationDescription?.IndexName, "web");
    const { DeliveryStreamNames } = await client.send(new ListDeliveryStreamsCommand({}));
    assert.deepEqual(DeliveryStreamNames, ["web"]);
  });

  it("names the stream it has for one it has not", async () => {
    const call = client.send(
      new PutRecordBatchCommand({ DeliveryStreamName: "wbe", Records: [{ Data: bytes("a") }] }),
    );
    await assert.rejects(
      call,
      (error) => error instanceof ResourceNotFoundException && /is web/.test(error.message),
    );
    await isAlive();
  });

  it("takes 500 records and refuses 501 [B23]", async () => {
    assert.equal((await put(...Array.from({ length: 500 }, () => "x"))).RequestResponses?.length, 500);
    accepted = [];
    await assert.rejects(put(...Array.from({ length: 501 }, () => "x")), {
      name: "ValidationException",
      message: /501 records.*less than or equal to 500/,
    });
    assert.deepEqual(accepted, []);
    await isAlive();
  });

  it("answers ServiceUnavailableException while it holds 64 MiB of requests, and takes the same again later", async () => {
    const sixtyFourMiB = 67_108_864;
    assert.equal(new BodyReader().budget.limitBytes, sixtyFourMiB);
    const part = 32;
    await end();
    await begin(new BodyReader(new MemoryBudget(sixtyFourMiB / part)));
    const held: (() => void)[] = [];
    accept = (records) => new Promise((resolve) => held.push(() => resolve(records.lengths.length)));
    const four = Array.from({ length: 4 }, () => new Uint8Array(1_000_000 / part));
    // 4 MB are 5.3 MB of base64: twelve of them fit, thirteen do not; here a part of each.
    const calls = Array.from({ length: 13 }, () =>
      put(...four).then(
        () => "taken",
        (error: unknown) => (error instanceof ServiceUnavailableException ? "refused" : String(error)),
      ),
    );
    const first = await Promise.race(calls);
    for (const release of held.splice(0)) release();
    accept = undefined;
    const all = await Promise.all(calls);
    assert.equal(first, "refused");
    assert.deepEqual(all.filter((answer) => answer === "taken").length, 12);
    assert.equal((await put(...four)).FailedPutCount, 0);
  });

  it("takes a record of 1,024,000 bytes and refuses one of 1,024,001 [B22]", async () => {
    await put("x".repeat(1_024_000));
    await assert.rejects(put("x".repeat(1_024_001)), {
      name: "ValidationException",
      message: /1024001 bytes.*1024000/,
    });
    assert.equal(accepted.length, 1);
  });

  it("counts decoded bytes: four of the largest records fit a batch, five do not [B23]", async () => {
    const largest = "x".repeat(1_024_000);
    await put(largest, largest, largest, largest);
    const million = "x".repeat(1_000_000);
    await assert.rejects(put(million, million, million, million, million), {
      name: "InvalidArgumentException",
    });
    await isAlive();
  });

  it("refuses a batch without records [B24]", async () => {
    await assert.rejects(put(), { name: "ValidationException" });
  });

  it("refuses broken base64 and missing data, and stores nothing of the call [B12]", async () => {
    const good = '{"Data":"aGVsbG8="}';
    const bad = ["%%%", "aGVsbG8", "aGVs-G8=", "aGVs_G8=", "aGVsbG8==", "=aGVsbG8", "aGV bG8=", "a==="];
    for (const data of bad) {
      const body = `{"DeliveryStreamName":"web","Records":[${good},{"Data":${JSON.stringify(data)}}]}`;
      const { status, type, message } = await raw(body);
      assert.deepEqual([status, type], [400, "SerializationException"], data);
      assert.match(message, /records\.2\.member\.data/);
    }
    const without = await raw(`{"DeliveryStreamName":"web","Records":[${good},{}]}`);
    assert.deepEqual([without.status, without.type], [400, "ValidationException"]);
    assert.deepEqual(accepted, []);
    await isAlive();
  });

  it("answers AWS's error names to bodies that are no request", async () => {
    for (const body of [
      "",
      "{",
      "[]",
      "null",
      "7",
      '"x"',
      '{"DeliveryStreamName":7}',
      '{"DeliveryStreamName":"web","Records":{}}',
    ]) {
      const { status, type } = await raw(body);
      assert.deepEqual([status, type], [400, "SerializationException"], body);
    }
    const { type } = await raw("{}");
    assert.equal(type, "ValidationException");
    await isAlive();
  });

  const pattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
  for (const [name, ...musts] of [
    ["", pattern, "Member must have length greater than or equal to 1"],
    ["my stream", pattern],
    ["a/b", pattern],
    ["web\n", pattern],
    ["wéb", pattern],
    ["a".repeat(65), "Member must have length less than or equal to 64"],
    [" ".repeat(65), pattern, "Member must have length less than or equal to 64"],
  ] as const) {
    it(`refuses the name ${JSON.stringify(name)} in AWS's words, in each operation`, async () => {
      const count = `${musts.length} validation error${musts.length === 1 ? "" : "s"} detected: `;
      for (const [operation, member, others] of [
        ["PutRecord", "DeliveryStreamName", { Record: { Data: "YQ==" } }],
        ["PutRecordBatch", "DeliveryStreamName", { Records: [{ Data: "YQ==" }] }],
        ["DescribeDeliveryStream", "DeliveryStreamName", {}],
        ["ListDeliveryStreams", "ExclusiveStartDeliveryStreamName", {}],
      ] as const) {
        const body = JSON.stringify({ [member]: name, ...others });
        const { status, type, message } = await raw(body, {}, `Firehose_20150804.${operation}`);

        const path = member[0]!.toLowerCase() + member.slice(1);
        const broken = musts.map(
          (must) => `Value '${name}' at '${path}' failed to satisfy constraint: ${must}`,
        );
        assert.deepEqual([status, type], [400, "ValidationException"], operation);
        assert.equal(message, count + broken.join("; "));
      }
      assert.deepEqual(accepted, []);
    });
  }

  it("refuses limits, types and places to go on from that AWS refuses, and takes what is null as absent", async () => {
    const list = (input: object) => raw(JSON.stringify(input), {}, "Firehose_20150804.ListDeliveryStreams");
    const describe = (input: object) =>
      raw(
        JSON.stringify({ DeliveryStreamName: "web", ...input }),
        {},
        "Firehose_20150804.DescribeDeliveryStream",
      );
    for (const ask of [list, describe]) {
      assert.match((await ask({ Limit: 0 })).message, /'0' at 'limit' .*greater than or equal to 1$/);
      assert.match((await ask({ Limit: 10_001 })).message, /less than or equal to 10000$/);
      for (const Limit of ["5", 1.5, true])
        assert.equal((await ask({ Limit })).type, "SerializationException", `${Limit}`);
      assert.equal((await ask({ Limit: null })).status, 200);
    }
    assert.match((await list({ DeliveryStreamType: "Direct" })).message, /enum value set: \[DirectPut, /);
    assert.equal((await list({ DeliveryStreamType: 7 })).type, "SerializationException");
    const { message } = await describe({ ExclusiveStartDestinationId: "a b" });
    assert.match(message, /^1 validation error .*'exclusiveStartDestinationId'.*\[a-zA-Z0-9-\]\+$/);
    const all = { DeliveryStreamType: null, ExclusiveStartDeliveryStreamName: null };
    assert.equal((await list(all)).status, 200);
  });

  it("answers an unknown operation with the ones it knows", async () => {
    for (const target of [
      "Firehose_20150804.DeleteDeliveryStream",
      "Kinesis_20131202.PutRecords",
      "",
      "Firehose_20150804.constructor",
    ]) {
      const { status, type, message } = await raw("{}", {}, target);
      assert.deepEqual([status, type], [400, "UnknownOperationException"], target);
      assert.match(message, /PutRecordBatch/);
    }
  });

  it("refuses a body that is larger than any batch, and lives on", async () => {
    const { status } = await raw("x".repeat(9 * 1024 * 1024)).catch(() => ({ status: 413 }));
    assert.equal(status, 413);
    await isAlive();
  });

  it("passes on that the queue is full as the SDK's own exception", async () => {
    refusal = slowDown("More records wait than are delivered.");
    await assert.rejects(
      put("a"),
      (error) => error instanceof ServiceUnavailableException && /Slow down/.test(error.message),
    );
    refusal = undefined;
    await isAlive();
  });

  it("refuses foreign hosts and requests of web pages", async () => {
    const body = '{"DeliveryStreamName":"web","Records":[{"Data":"YQ=="}]}';
    assert.equal((await raw(body, { host: "evil.example" })).status, 403);
    assert.equal((await raw(body, { host: "127.0.0.1.evil.example" })).status, 403);
    assert.equal((await raw(body, { origin: "https://evil.example" })).status, 403);
    for (const site of ["cross-site", "same-site"])
      assert.equal((await raw(body, { "sec-fetch-site": site })).status, 403, site);
    assert.deepEqual(accepted, []);
  });
});
