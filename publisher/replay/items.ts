/** From an object's bytes to what can be sent again. */
import { gunzipSync } from "node:zlib";
import { errorKindOfKey, type FailedLines, type Item, readFailedLines } from "./failed-lines";
import type { StoredObject } from "./objects";
import { splitBackup } from "./split-backup";

/** Firehose's objects have up to 128 MB; what unpacks to more is none of them. */
const maxObjectBytes = 256 * 1024 * 1024;

/** Formats of Firehose that are not read, by their file extension and by how they begin. */
const unreadable = [
  { name: "ZIP", extension: ".zip", start: Buffer.from("PK\x03\x04") },
  { name: "Snappy", extension: ".snappy", start: Buffer.from("\xff\x06\x00\x00sNaPpY", "latin1") },
  { name: "Hadoop-compatible Snappy", extension: ".hsnappy" },
];

/**
 * Unpacks an object whose key ends in `.gz`, one level: what is in it may be compressed records again. Throws for what
 * is compressed otherwise: cut into lines, it would be sent as garbage.
 */
export function unpack(key: string, bytes: Buffer): Buffer {
  const format = unreadable.find(
    ({ extension, start }) =>
      key.endsWith(extension) || (start && bytes.subarray(0, start.length).equals(start)),
  );
  if (format) {
    throw new Error(
      `is ${format.name}; replay reads gzip and uncompressed objects: unpack it into a folder, under the same key without its extension, and name the folder`,
    );
  }
  return key.endsWith(".gz") ? gunzipSync(bytes, { maxOutputLength: maxObjectBytes }) : bytes;
}

export function itemsOf({ key, timeMs }: StoredObject, bytes: Buffer): FailedLines {
  const plain = unpack(key, bytes);
  if (errorKindOfKey(key) !== undefined) return readFailedLines(plain.toString("utf8"));
  const { records, torn } = splitBackup(plain);
  const items = records.map(
    (record, position): Item => ({
      position,
      kind: "source",
      bytes: record.bytes,
      reason: "backup",
      message: "",
      arrivalMs: timeMs,
    }),
  );
  const problems = torn.map(
    ({ offset, lengthBytes, reason }) =>
      `${reason}, at byte ${offset}; its ${lengthBytes} bytes are not sent`,
  );
  return { items, problems };
}
