/**
 * The formats of backup objects, as Firehose writes them.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { CompressionFormat } from "../../firehose/s3-key";

/** Both Snappy formats cut what they compress into blocks of this size. */
const blockBytes = 32 * 1024;
/** Start of the stream format of the library snappy-java: its name, its version and the oldest that can read it. */
const snappyJavaHeader = Buffer.from("82534e4150505900" + "00000001" + "00000001", "hex");

export interface CompressOptions {
  readonly format: CompressionFormat;
  /** Key of the object. */
  readonly key: string;
  /** Time of the oldest record, in milliseconds since 1970. */
  readonly oldestArrivalMs: number;
}

/** The same bytes for the same body and options, whenever it is called: a crash may repeat it. */
export async function compress(
  body: Buffer,
  { format, key, oldestArrivalMs }: CompressOptions,
): Promise<Buffer> {
  switch (format) {
    case "UNCOMPRESSED":
      return body;
    case "GZIP":
      return promisify(gzip)(body);
    case "ZIP":
      return zip(body, key, oldestArrivalMs);
    case "Snappy":
      return Buffer.concat([
        snappyJavaHeader,
        ...(await snappyBlocks(body)).flatMap(({ packed }) => withLength(packed)),
      ]);
    case "HADOOP_SNAPPY":
      return Buffer.concat(
        (await snappyBlocks(body)).flatMap(({ bytes, packed }) => [int32(bytes), ...withLength(packed)]),
      );
  }
}

/**
 * The format that a key asks for. An object that a run with another plan had begun keeps its own; where an ending
 * stands for two formats, the plan tells which.
 */
export function formatOf(key: string, planned: CompressionFormat): CompressionFormat {
  const ending = /\.[a-z]+$/.exec(key)?.[0] ?? "";
  const formats = formatsByEnding[ending] ?? ["UNCOMPRESSED"];
  return formats.includes(planned) ? planned : formats[0]!;
}

const formatsByEnding: Readonly<Record<string, readonly CompressionFormat[]>> = {
  ".gz": ["GZIP"],
  ".zip": ["ZIP"],
  ".snappy": ["Snappy", "HADOOP_SNAPPY"],
  ".hsnappy": ["HADOOP_SNAPPY"],
};

/** One deflated entry named by a UUID, here that of the key. */
async function zip(body: Buffer, key: string, oldestArrivalMs: number): Promise<Buffer> {
  const { ZipFile } = await import("yazl");
  const file = new ZipFile();
  const [name = "records"] = /[0-9a-f-]{36}(?=\.zip$)/.exec(key) ?? [];
  file.addBuffer(body, name, { mtime: new Date(oldestArrivalMs) });
  file.end();
  return buffer(file.outputStream);
}

/** Loaded at its first use: hardly a stream has this format, and a start should be quick. */
async function snappyBlocks(body: Buffer): Promise<{ bytes: number; packed: Buffer }[]> {
  const { compress: snappy } = await import("snappy");
  const blocks = Array.from({ length: Math.ceil(body.length / blockBytes) }, (_, i) =>
    body.subarray(i * blockBytes, (i + 1) * blockBytes),
  );
  return Promise.all(blocks.map(async (block) => ({ bytes: block.length, packed: await snappy(block) })));
}

const withLength = (bytes: Buffer): [Buffer, Buffer] => [int32(bytes.length), bytes];

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
