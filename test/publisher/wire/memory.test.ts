import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createGzip, gzipSync } from "node:zlib";
import { bytesOf } from "../../../publisher/records/byte-source";
import { lineBatches } from "../../../publisher/records/lines";
import { type Chunk, quiet } from "../../../publisher/records/quiet";
import { readInputs } from "../../../publisher/records/read-inputs";
import { BodyPool } from "../../../publisher/wire/body-pool";
import { connect } from "../../../publisher/wire/connection";
import { KeptConnectionsHandler } from "../../../publisher/wire/http-handler";
import { BatchMemory } from "../../../publisher/wire/packed-batch";
import { batchesOf, type PutBatch } from "../../../publisher/wire/put-batch";
import { sendAll } from "../../../publisher/wire/send";
import { manualClock, type Sink, seeded, startSink } from "../sink";

const refuse = () => ({ write() {}, end() {} });

/** Lines of a million bytes, in chunks as they are read from a file. */
function* longLines(lines: number): Generator<Buffer> {
  const line = Buffer.alloc(1_000_000, "x");
  for (let n = 0; n < lines; n++) {
    line.write(`${n} `, 0);
    line[line.length - 1] = 0x0a;
    for (let at = 0; at < line.length; at += 250_000) yield line.subarray(at, at + 250_000);
  }
}

/** Notes the chunks that go by. */
async function* noted(chunks: AsyncIterable<Chunk>, seen: Buffer[]): AsyncGenerator<Chunk> {
  for await (const chunk of chunks) {
    if (chunk !== quiet) seen.push(chunk);
    yield chunk;
  }
}

describe("publisher/wire, memory", () => {
  let sink: Sink | undefined;
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "memory-"));
  });

  afterEach(async () => {
    await sink?.close();
    sink = undefined;
    rmSync(dir, { recursive: true });
  });

  it("has two batches of the greatest size in flight at the most, and no more in memory than one besides", async () => {
    const memory = new BatchMemory();
    let bytes = 0;
    let mostBytes = 0;
    const put = async (batch: PutBatch) => {
      bytes += batch.bytes;
      mostBytes = Math.max(mostBytes, bytes);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      bytes -= batch.bytes;
      return [];
    };

    const { accepted } = await sendAll(put, lineBatches(longLines(30), { refuse }, memory));

    strictEqual(accepted, 30);
    strictEqual(mostBytes, 8_000_000);
    strictEqual(memory.made, 3);
  });

  it("holds the elements of JSON files in the same memory, and loses none [B54]", async () => {
    const path = join(dir, "in.json");
    const texts = Array.from({ length: 9 }, (_, n) => JSON.stringify({ n, text: "z".repeat(999_980) }));
    writeFileSync(path, `{"Records":[${texts.join(",\n")}]}`);
    sink = await startSink();
    const connection = connect(sink.target);
    const memory = new BatchMemory();
    const fail = (text: string) => {
      throw new Error(text);
    };
    const options = {
      newline: false,
      records: "Records",
      refuse: fail,
      onProblem: fail,
      onNote: fail,
      memory,
    };

    await sendAll(connection.put, readInputs([{ path, sizeBytes: 1 }], options));

    connection.close();
    const sent = sink.calls.flat().map((data) => Buffer.from(data, "base64").toString());
    deepStrictEqual(sent.sort(), [...texts].sort());
    strictEqual(memory.made, 2);
  });

  it("uses the bodies of failed calls again, whole calls and entries", async () => {
    sink = await startSink({ throttleCalls: 0.4, failEntries: 0.4, tearAnswers: 0.2, seed: 3 });
    const pool = new BodyPool("web");
    const connection = connect(sink.target, pool);

    const summary = await sendAll(connection.put, lineBatches(longLines(12), { refuse }), {
      clock: manualClock(),
    });

    connection.close();
    strictEqual(summary.accepted, 12);
    strictEqual(summary.calls > 6, true);
    strictEqual(sink.seen.size, 12);
    strictEqual(pool.made <= 2, true);
  });

  it("keeps small calls in flight as many as are allowed", async () => {
    sink = await startSink({ slow: 1 });
    const connection = connect(sink.target);
    const records = Array.from({ length: 20_000 }, (_, n) => Buffer.from(`${n}`.padEnd(200)));

    await sendAll(connection.put, batchesOf(records), { inFlight: 8 });

    connection.close();
    strictEqual(sink.mostAtOnce(), 8);
  });

  it("reads a file into the same memory again and again", async () => {
    const path = join(dir, "in.log");
    writeFileSync(path, Buffer.alloc(3_000_000, "y"));
    const places = new Set<ArrayBufferLike>();
    let bytes = 0;

    for await (const chunk of bytesOf({ path, sizeBytes: 3_000_000 })) {
      if (chunk === quiet) continue;
      places.add(chunk.buffer);
      bytes += chunk.length;
    }

    deepStrictEqual([places.size, bytes], [1, 3_000_000]);
  });

  it("frees what it has unpacked when the next is asked for, and loses nothing of it", async () => {
    const path = join(dir, "in.log.gz");
    const chunks = await Readable.from(longLines(10))
      .pipe(createGzip({ level: 1 }))
      .toArray();
    writeFileSync(path, Buffer.concat(chunks));
    const seen: Buffer[] = [];
    const lengths: number[] = [];

    for await (const batch of lineBatches(noted(bytesOf({ path, sizeBytes: 1 }), seen), { refuse })) {
      for (let n = 0; n < batch.count; n++) lengths.push(batch.record(n).length);
    }

    deepStrictEqual(lengths, Array(10).fill(1_000_000));
    const heldBytes = seen.reduce((sum, chunk) => sum + chunk.length, 0);
    strictEqual(heldBytes < 2_000_000, true, `${heldBytes} bytes are still held`);
  });

  it("unpacks what comes in small pieces, though each is read into the same memory", async () => {
    const path = join(dir, "pipe");
    execFileSync("mkfifo", [path]);
    const random = seeded(5);
    const lines = Array.from({ length: 5_000 }, (_, n) => `${n} ${random()}\n`);
    const packed = gzipSync(lines.join(""));
    const writing = (async () => {
      const file = await open(path, "w");
      for (let at = 0; at < packed.length; at += 2000) await file.write(packed.subarray(at, at + 2000));
      await file.close();
    })();

    const records: string[] = [];
    for await (const batch of lineBatches(bytesOf({ path, sizeBytes: undefined }), { refuse })) {
      for (let n = 0; n < batch.count; n++) records.push(Buffer.from(batch.record(n)).toString());
    }
    await writing;

    deepStrictEqual(records, lines);
  });

  it("says so where a batch is used after its memory was given back", async () => {
    const batches: PutBatch[] = [];
    for await (const batch of lineBatches([Buffer.from("a\nb\n")], { refuse })) batches.push(batch);

    batches[0]?.release?.();

    throws(() => batches[0]?.record(0), /used after its memory was given back/);
  });

  it("closes a connection that answered before it had the whole request", async () => {
    const sockets: Socket[] = [];
    let connections = 0;
    const server = createServer((socket) => {
      sockets.push(socket);
      connections++;
      socket.once("data", () => {
        socket.pause();
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const handler = new KeptConnectionsHandler({ connectMs: 5000, answerMs: 5000 });
    const { port } = server.address() as AddressInfo;
    const request = {
      method: "POST",
      protocol: "http:",
      hostname: "127.0.0.1",
      port,
      path: "/",
      headers: {},
    };
    try {
      for (const body of [Buffer.alloc(20_000_000), "x"]) {
        strictEqual((await handler.handle({ ...request, body })).response.body.toString(), "no");
      }
    } finally {
      handler.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }

    strictEqual(connections, 2);
  });
});
