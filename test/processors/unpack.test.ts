/** What senders pack, as the lines that were packed. */
import { deepEqual, equal } from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Endpoint } from "../local/receive/senders/call";
import { FluentBit, type FluentBitSettings } from "../local/receive/senders/fluent-bit";
import { startSink } from "../publisher/sink";
import { type Answered, documentOf, run, warnings } from "./emitted";
import { withFirehose } from "./firehose";

const line = '192.0.2.3 - jane [01/Mar/2026:00:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8 (\\"x\\")"';

/** The records that Fluent Bit makes of these. */
async function byFluentBit(events: readonly object[], settings: FluentBitSettings): Promise<Buffer[]> {
  const sink = await startSink();
  const endpoint = new Endpoint(sink.url);
  await new FluentBit(endpoint, "web", settings).send(events as Record<string, unknown>[]);
  endpoint.close();
  await sink.close();
  return sink.calls.flat().map((data) => Buffer.from(data, "base64"));
}

const numberOf =
  (name: string) =>
  (answered: Answered): unknown =>
    "document" in answered ? answered.document[name] : answered.result;

describe("processors/unpack", () => {
  it("takes gzip and zstd off, of one member or frame and of several in a row", async () => {
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
    for (const pack of [gzipSync, zstdCompressSync]) {
      const parts = [pack('{"a"'), pack(":1}\n")];
      const said = await run("unpack", pack('{"a":1}\r\n'), Buffer.concat(parts), '{"a":1}');
      deepEqual(said.map(numberOf("a")), [1, 1, 1]);
    }
    const [behind] = await run("unpack", Buffer.concat([skipped, zstdCompressSync('{"a":1}')]));
    equal(numberOf("a")(behind!), 1);
  });

  it("reads what Fluent Bit packs of each record, and the value of its log_key", async () => {
    const packed = await byFluentBit([{ log: "a" }], { isPacked: true });
    equal((await documentOf("unpack,json-events", packed[0]!)).message, "a");
    const keyed = await byFluentBit([{ log: line }], { logKey: "log", isPacked: true });
    equal((await documentOf("unpack,access-log", keyed[0]!)).message, line);
  });

  it("puts each line of a record of several into the stream, and drops the record", async () => {
    const joined = await byFluentBit([{ n: 1 }, { n: 2 }, { n: 3 }], { isAggregated: true, isPacked: true });
    equal(joined.length, 1);
    await withFirehose([], async (firehose) => {
      deepEqual(
        (await run("unpack,json-events", ...joined)).map(({ result }) => result),
        ["Dropped"],
      );
      const lines = firehose.taken();
      deepEqual(lines, ['{"n":1}\n', '{"n":2}\n', '{"n":3}\n']);
      deepEqual((await run("unpack,json-events", ...lines)).map(numberOf("n")), [1, 2, 3]);
    });
  });

  it("fails a record of several lines whole where the stream does not take all of them", async () => {
    await withFirehose(["AccessDeniedException"], async () => {
      const said = await run("unpack,json-events", '{"n":1}\n{"n":2}\n');
      deepEqual(
        said.map(({ result }) => result),
        ["ProcessingFailed"],
      );
    });
  });

  it("drops a record without a line, and fails what it cannot read, with the reason", async () => {
    warnings.length = 0;
    const tooMuch = Buffer.alloc(33 * 1024 * 1024, 97);
    const zstd = zstdCompressSync("a");
    const half = zstdCompressSync(tooMuch.subarray(0, 17 * 1024 * 1024 + 5));
    const said = await run(
      "unpack",
      "\n \n",
      gzipSync("a").subarray(0, 20),
      zstd.subarray(0, -2),
      Buffer.concat([zstd, Buffer.from("text")]),
      Buffer.concat(Array<Buffer>(1001).fill(zstd)),
      Buffer.from("\xff\x06\x00\x00sNaPpY", "latin1"),
      gzipSync(tooMuch),
      Buffer.concat([half, half]),
      "\n".repeat(3) + "a\n".repeat(20_001),
    );
    deepEqual(
      said.map(({ result }) => result),
      ["Dropped", ...Array<string>(8).fill("ProcessingFailed")],
    );
    for (const [reason, count] of [
      ["damaged gzip", 1],
      ["damaged zstd", 2],
      ["more than 1000 frames of zstd", 1],
      ["packed with Snappy", 1],
      ["unpacks to more than", 2],
      ["more than 20000 lines", 1],
    ] as const) {
      const said = warnings.find((warning) => warning.includes(reason)) ?? "";
      equal(JSON.parse(said || "{}").processingFailed?.count, count, reason);
    }
  });
});
