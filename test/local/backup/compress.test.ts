import { strict as assert } from "node:assert";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { crc32, gunzipSync, inflateRawSync } from "node:zlib";
import { uncompressSync } from "snappy";
import { type CompressionFormat, compressionFormats } from "../../../firehose/s3-key";
import { Backup } from "../../../local/backup/backup";
import { BucketFolder } from "../../../local/backup/bucket-folder";
import { compress, formatOf } from "../../../local/backup/compress";
import { Queue } from "../../../local/buffer/queue";
import { systemClock } from "../../../local/clock";
import { callOf } from "../calls";
import { aStream, temporaryFolder } from "../fakes";

const uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
const options = (format: CompressionFormat) => ({
  format,
  key: `raw/web-1-2026-03-01-09-08-07-${uuid}`,
  oldestArrivalMs: Date.parse("2026-03-01T09:08:07Z"),
});

const unsnap = (bytes: Buffer): Buffer => uncompressSync(bytes) as Buffer;

/** Reads what a block format says: the length of a block, and the block. */
function* blocksAfter(bytes: Buffer, start: number, perBlock: number): Generator<number[]> {
  for (let at = start; at < bytes.length; ) {
    const numbers = Array.from({ length: perBlock }, (_, i) => bytes.readInt32BE(at + 4 * i));
    at += 4 * perBlock;
    yield [...numbers, at];
    at += numbers.at(-1)!;
  }
}

const unpack: Record<CompressionFormat, (bytes: Buffer) => Buffer> = {
  UNCOMPRESSED: (bytes) => bytes,
  GZIP: gunzipSync,
  ZIP: (bytes) => {
    assert.equal(bytes.readUInt32LE(0), 0x04034b50);
    assert.equal(bytes.readUInt16LE(8), 8, "deflated");
    const [packed, length, name, extra] = [18, 22, 26, 28].map((at, i) =>
      i < 2 ? bytes.readUInt32LE(at) : bytes.readUInt16LE(at),
    ) as [number, number, number, number];
    assert.equal(bytes.toString("latin1", 30, 30 + name), uuid);
    const start = 30 + name + extra;
    const body = inflateRawSync(bytes.subarray(start, start + packed));
    assert.deepEqual([body.length, crc32(body)], [length, bytes.readUInt32LE(14)]);
    const end = bytes.length - 22;
    assert.deepEqual([bytes.readUInt32LE(end), bytes.readUInt16LE(end + 10)], [0x06054b50, 1], "one entry");
    return body;
  },
  Snappy: (bytes) => {
    assert.equal(bytes.toString("hex", 0, 16), "82534e41505059000000000100000001");
    return Buffer.concat(
      Array.from(blocksAfter(bytes, 16, 1), ([packed, at]) => unsnap(bytes.subarray(at, at! + packed!))),
    );
  },
  HADOOP_SNAPPY: (bytes) =>
    Buffer.concat(
      Array.from(blocksAfter(bytes, 0, 2), ([length, packed, at]) => {
        const block = unsnap(bytes.subarray(at, at! + packed!));
        assert.equal(block.length, length);
        return block;
      }),
    ),
};

describe("compress", () => {
  const bodies: Record<string, Buffer> = {
    "one byte": Buffer.from("a"),
    "a whole block": Buffer.from("0123456789abcdef".repeat(2048)),
    "a byte more than a block": Buffer.from(`${"0123456789abcdef".repeat(2048)}x`),
    "bytes that do not shrink": randomBytes(300_000),
    "5 MiB of lines": Buffer.from('{"message":"hello world"}\n'.repeat(200_000)),
  };
  for (const format of compressionFormats) {
    it(`writes ${format} that unpacks to the same bytes, and the same object at each try`, async () => {
      for (const [name, body] of Object.entries(bodies)) {
        const key = `${options(format).key}${format === "ZIP" ? ".zip" : ""}`;
        const bytes = await compress(body, { ...options(format), key });
        assert.ok(unpack[format](bytes).equals(body), name);
        assert.ok(bytes.equals(await compress(body, { ...options(format), key })), name);
        if (name === "5 MiB of lines" && format !== "UNCOMPRESSED")
          assert.ok(bytes.length < body.length / 10);
      }
    });
  }

  it("takes the format from the key, and from the plan where an ending stands for two", () => {
    const formats = (planned: CompressionFormat) =>
      ["k-1", "k.gz", "k.zip", "k.snappy", "k.hsnappy"].map((key) => formatOf(key, planned));
    assert.deepEqual(formats("GZIP"), ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"]);
    assert.deepEqual(formats("HADOOP_SNAPPY"), [
      "UNCOMPRESSED",
      "GZIP",
      "ZIP",
      "HADOOP_SNAPPY",
      "HADOOP_SNAPPY",
    ]);
  });
});

describe("Backup", () => {
  it("finishes an object that a run with another compression had begun as its key says", async function () {
    const folder = temporaryFolder(this);
    mkdirSync(folder, { recursive: true });
    const queue = Queue.open({ file: join(folder, "queue.sqlite") });
    await queue.append(callOf("a", "b"), 7);
    const backupOf = (compression: CompressionFormat) =>
      new Backup({
        plan: { ...aStream().backup, compression },
        deliveryStreamName: "web",
        queue,
        bucket: new BucketFolder(join(folder, "s3")),
        clock: systemClock,
      });
    const objects = () =>
      (readdirSync(folder, { recursive: true }) as string[])
        .filter((name) => name.startsWith("s3/") && statSync(join(folder, name)).isFile())
        .map((name) => join(folder, name));
    // The first run ends after it has written the key down.
    const { finishBackup } = queue;
    queue.finishBackup = () => {
      throw new Error("killed");
    };
    await assert.rejects(backupOf("GZIP").flush(), /killed/);
    queue.finishBackup = finishBackup;
    await backupOf("UNCOMPRESSED").recover();
    const [file, ...others] = objects();
    assert.deepEqual(others, []);
    assert.match(file!, /\.gz$/);
    assert.equal(gunzipSync(readFileSync(file!)).toString(), "ab");
    queue.close();
  });

  for (const [format, ending] of [
    ["ZIP", ".zip"],
    ["Snappy", ".snappy"],
    ["HADOOP_SNAPPY", "snappy"],
  ] as const) {
    it(`writes ${format} objects whose keys end in ${ending}`, async function () {
      const folder = temporaryFolder(this);
      mkdirSync(folder, { recursive: true });
      const queue = Queue.open({ file: join(folder, "queue.sqlite") });
      await queue.append(callOf("abc", "def"), 7);
      const bucket = new BucketFolder(join(folder, "s3"));
      const plan = { ...aStream().backup, compression: format };
      await new Backup({ plan, deliveryStreamName: "web", queue, bucket, clock: systemClock }).flush();
      queue.close();
      const [name] = (readdirSync(folder, { recursive: true }) as string[]).filter((each) =>
        each.endsWith(ending),
      );
      const bytes = readFileSync(join(folder, name!));
      if (format === "ZIP") assert.ok(bytes.includes(/-([0-9a-f-]{36})\.zip$/.exec(name!)![1]!));
      else assert.equal(unpack[format](bytes).toString(), "abcdef");
    });
  }
});
