/** What the handler of a stream with a probe makes of the probe, and of what looks like one. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { probeRecord } from "../../firehose/probe";
import { processorChain } from "../../processors";
import { emit } from "../../processors/dev/emit";
import { putProbeFactory } from "../../processors/payloads/put-probe";
import type { Processor } from "../../processors/processor";
import { loadHandler } from "../infra/run-closure";
import { numRuns } from "../property-runs";
import { withFirehose } from "./firehose";
import { base64, text } from "./serialize";

/** 2026-03-01T12:00:00Z */
const minuteMs = 1_772_366_400_000;
const arrivalMs = minuteMs + 2_345;

const chainOf = (value: string): readonly Processor[] => processorChain(value) as Processor[];

/** What becomes of records that arrive at the same time: a document's text, or the result. */
async function run(value: string, isProbed: boolean, records: readonly string[], at = arrivalMs) {
  const handler = loadHandler(await known(value, isProbed));
  const { records: answered } = await handler({
    invocationId: "invocation",
    deliveryStreamArn: "arn:aws:firehose:eu-west-1:111122223333:deliverystream/web",
    region: "eu-west-1",
    records: records.map((data, i) => ({
      recordId: `r${i}`,
      approximateArrivalTimestamp: at,
      data: base64(data),
    })),
  });
  return answered.map(({ result, data }: { result: string; data?: string }) =>
    result === "Ok" ? text(data!) : result,
  );
}

const texts = new Map<string, Promise<string>>();

function known(value: string, isProbed: boolean): Promise<string> {
  const key = `${value} ${isProbed}`;
  const found = texts.get(key) ?? emit(chainOf(value), { isProbed });
  texts.set(key, found);
  return found;
}

const document = `{"@timestamp":"2026-03-01T12:00:00.000Z","firehose_probe":"${minuteMs}"}\n`.trim();

describe("the probe in the handler, as emitted", () => {
  for (const value of ["identity", "map", "json-events", "map,identity"]) {
    it(`comes out as its own document whatever ${value} makes of others`, async () => {
      const probe = probeRecord(minuteMs);

      assert.deepEqual(await run(value, true, [probe, `${probe}\n`]), [document, document]);
      assert.notEqual((await run(value, false, [probe]))[0], document);
    });
  }

  const almost: Record<string, string> = {
    "a further field": `{"firehose_probe":"${minuteMs}","password":"secret"}`,
    "a further field before it": `{"a":1,"firehose_probe":"${minuteMs}"}`,
    "the field twice": `{"firehose_probe":"${minuteMs}","firehose_probe":"${minuteMs}"}`,
    "a number": `{"firehose_probe":${minuteMs}}`,
    "an object": `{"firehose_probe":{"a":"${minuteMs}"}}`,
    "no minute": `{"firehose_probe":"${minuteMs + 1}"}`,
    "too many digits": `{"firehose_probe":"${minuteMs}0"}`,
    "other digits": `{"firehose_probe":"١٧٧٢٣٦٦٤٠٠٠٠٠"}`,
    "a blank": `{"firehose_probe": "${minuteMs}"}`,
    "a second line": `${probeRecord(minuteMs)}\n{"message":"hello"}`,
    "two line ends": `${probeRecord(minuteMs)}\n\n`,
    "a line before it": `\n${probeRecord(minuteMs)}`,
    "a byte order mark": `\ufeff${probeRecord(minuteMs)}`,
    "900 kB": `{"firehose_probe":"${"1".repeat(900_000)}"}`,
  };
  for (const [what, record] of Object.entries(almost)) {
    it(`is none with ${what}: the record goes its ordinary way`, async () => {
      for (const value of ["identity", "json-events"]) {
        assert.deepEqual(await run(value, true, [record]), await run(value, false, [record]));
      }
    });
  }

  it("is none in any other bytes, and never brings out any of them", async () => {
    const part = fc.constantFrom("{", "}", '"', ":", ",", "\n", " ", "firehose_probe", String(minuteMs), "a");
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const record = parts.join("");
        fc.pre(record.replace(/\r?\n$/, "") !== probeRecord(minuteMs));

        assert.deepEqual(await run("identity", true, [record]), await run("identity", false, [record]));
      }),
      numRuns(100),
    );
  });

  it("is dropped where it is of another time, as one that is replayed or of a clock that is wrong", async () => {
    const probe = probeRecord(minuteMs);
    const ages = [-300_001, -300_000, 900_000, 900_001];

    const results = await Promise.all(
      ages.map(async (ms) => (await run("map", true, [probe], minuteMs + ms))[0]),
    );

    assert.deepEqual(results, ["Dropped", document, document, "Dropped"]);
  });

  it("leaves the records beside it as they are", async () => {
    const others = ['{"message":"hello"}', "no json", probeRecord(minuteMs), '{"message":"bye"}'];

    const probed = await run("json-events", true, others);
    const plain = await run("json-events", false, others);

    assert.deepEqual(probed.toSpliced(2, 1), plain.toSpliced(2, 1));
  });

  it("adds less than 5 kB to a function's text, and without it nothing of it is there", async () => {
    for (const value of ["identity", "map", "json-events"]) {
      const [plain, probed] = await Promise.all([known(value, false), known(value, true)]);

      assert.ok(!plain.includes("probe"), value);
      assert.ok(probed.length - plain.length < 5_000, `${value}: ${probed.length - plain.length}`);
    }
  });
});

describe("the function that sends the probe, as emitted", () => {
  const send = async (time: string) => {
    const { text: code } = await pulumi.runtime.serializeFunction(putProbeFactory, {
      isFactoryFunction: true,
    });
    const Module = require("node:module");
    const emitted = new Module("/var/task/__index.js");
    emitted.paths = module.paths;
    emitted._compile(code, "/var/task/__index.js");
    await emitted.exports.handler({ time });
  };
  before(() => {
    process.env["DELIVERY_STREAM_NAME"] = "web";
    process.env["AWS_REGION"] = "eu-west-1";
  });
  after(() => {
    delete process.env["DELIVERY_STREAM_NAME"];
    delete process.env["AWS_REGION"];
  });

  it("names it by the minute of its event, so that a second call sends the same", async () => {
    await withFirehose([[0]], async ({ taken, streams }) => {
      await send("2026-03-01T12:00:00Z");
      await send("2026-03-01T12:00:41Z");

      assert.deepEqual(taken(), [`${probeRecord(minuteMs)}\n`, `${probeRecord(minuteMs)}\n`]);
      assert.deepEqual([...new Set(streams)], ["web"]);
    });
  });

  it("fails where the stream is gone", async () => {
    await withFirehose(["ResourceNotFoundException"], async () => {
      await assert.rejects(send("2026-03-01T12:00:00Z"), /did not take the probe/);
    });
  });
});
