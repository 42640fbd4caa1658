/** The endpoint under SDKs of other languages: what they send arrives, and they know its errors as AWS's. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StartedRun, startRun } from "../../engines/local-run";
import { slowDown } from "../../local/receive/errors";
import { type Receiver, startReceiver } from "../../local/receive/server";
import { recordsIn } from "../local/calls";
import { aStream } from "../local/fakes";
import { until } from "../until";
import { type Call, foreignClients } from "./clients/clients";
import { needs } from "./needs";

const text = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(`{"message":"héllo ${i}"}\n`));
/** Every byte, no byte, and what ends in each remainder of base64. */
const awkward = [
  Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  Buffer.from([0]),
  Buffer.from("\r\n\0\n", "latin1"),
  Buffer.from('{"a":"ü 😀"}\n'),
  Buffer.alloc(100_000, 0xfe),
];

for (const client of foreignClients) {
  describe(`the Firehose endpoint under ${client.name}`, () => {
    before(function () {
      needs(this, client.missing());
      client.prepare?.();
    });

    describe("by itself", () => {
      let receiver: Receiver;
      let arrived: Buffer[];
      let refusal: Error | undefined;
      beforeEach(async () => {
        arrived = [];
        refusal = undefined;
        receiver = await startReceiver({
          port: 0,
          streams: [
            {
              stream: aStream(),
              createdMs: 1_772_323_200_000,
              accept: (records) => {
                if (refusal) return Promise.reject(refusal);
                arrived.push(...recordsIn(records));
                return Promise.resolve(arrived.length - records.lengths.length + 1);
              },
            },
          ],
          onError: (error) => assert.fail(String(error)),
        });
      });
      afterEach(() => receiver.close());
      const send = (...calls: Call[]) => client.send(receiver.url, calls);

      it("takes records byte for byte", async () => {
        const records = client.batchesAreText ? text(5) : awkward;
        const [one, batch] = await send(
          { op: "PutRecord", stream: "web", records: awkward.slice(0, 1) },
          { op: "PutRecordBatch", stream: "web", records },
        );
        assert.equal(one!.recordIds?.length, 1, JSON.stringify(one));
        assert.equal(batch!.recordIds?.length, records.length, JSON.stringify(batch));
        assert.equal(batch!.failed, 0);
        const sent = [awkward[0]!, ...records];
        // No deepEqual: the difference of two long buffers takes minutes to print.
        assert.equal(arrived.length, sent.length);
        for (const [i, record] of sent.entries())
          assert.ok(record.equals(arrived[i]!), `record ${i} differs`);
      });

      it("raises the SDK's own errors", async () => {
        const [notFound, invalid] = await send(
          { op: "DescribeDeliveryStream", stream: "other" },
          { op: "PutRecordBatch", stream: "web", records: text(501) },
        );
        assert.deepEqual(
          [notFound!.error, notFound!.type],
          ["ResourceNotFoundException", client.types.notFound],
        );
        assert.match(notFound!.message!, /Firehose other under account \d+ not found/);
        assert.deepEqual([invalid!.error, invalid!.type], ["ValidationException", client.types.validation]);
        assert.match(invalid!.message!, /less than or equal to 500/);
        refusal = slowDown("More records wait than are delivered.");
        const [busy] = await send({ op: "PutRecord", stream: "web", records: text(1) });
        assert.deepEqual(
          [busy!.error, busy!.type],
          ["ServiceUnavailableException", client.types.unavailable],
        );
        assert.match(busy!.message!, /^Slow down/);
        assert.deepEqual(arrived, []);
      });
    });

    describe("in npm start", () => {
      let data: string;
      let started: StartedRun | undefined;
      beforeEach(() => {
        data = mkdtempSync(join(tmpdir(), "foreign-"));
      });
      afterEach(async () => {
        started?.child.kill("SIGKILL");
        await started?.ended;
        started = undefined;
        rmSync(data, { recursive: true, force: true });
      });

      it("describes and lists the stream, and counts what was sent", async () => {
        started = startRun({ data, set: ["processor=identity"] });
        const { firehose, dashboard, streamName: stream } = await started.ready;
        const [one, batch, described, listed] = await client.send(firehose, [
          { op: "PutRecord", stream, records: text(1) },
          { op: "PutRecordBatch", stream, records: text(500) },
          { op: "DescribeDeliveryStream", stream },
          { op: "ListDeliveryStreams" },
        ]);
        assert.equal(one!.recordIds?.length, 1, JSON.stringify(one));
        assert.equal(new Set([...one!.recordIds!, ...batch!.recordIds!]).size, 501);
        assert.deepEqual([described!.status, described!.names], ["ACTIVE", [stream]]);
        assert.deepEqual(listed!.names, [stream]);
        let status: Record<string, number> = {};
        await until(async () => {
          status = (await (await fetch(`${dashboard}/api/status`)).json()) as Record<string, number>;
          return status["waiting"] === 0 && status["accepted"]! > 0;
        });
        const { accepted, indexed, dropped, failed, waiting } = status;
        assert.deepEqual([accepted, indexed, dropped, failed, waiting], [501, 501, 0, 0, 0]);
      });
    });
  });
}
