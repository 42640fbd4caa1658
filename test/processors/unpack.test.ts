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
  it("takes gzip off, of one member and of several in a row", async () => {
    const members = Buffer.concat([gzipSync('{"a"'), gzipSync(":1}\n")]);
    const said = await run("unpack", gzipSync('{"a":1}\r\n'), members, '{"a":1}');
    deepEqual(said.map(numberOf("a")), [1, 1, 1]);
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
    const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024, 97));
    const said = await run(
      "unpack",
      "\n \n",
      gzipSync("a").subarray(0, 20),
      zstdCompressSync("a"),
      bomb,
      "\n".repeat(3) + "a\n".repeat(20_001),
    );
    deepEqual(
      said.map(({ result }) => result),
      ["Dropped", ...Array<string>(4).fill("ProcessingFailed")],
    );
    for (const reason of [
      "damaged gzip",
      "packed with zstd",
      "unpacks to more than",
      "more than 20000 lines",
    ])
      equal(warnings.filter((warning) => warning.includes(reason)).length, 1, reason);
  });
});
