/** From an object's bytes to what can be sent again. */
import { gunzipSync } from "node:zlib";
import { errorKindOfKey, type FailedLines, type Item, readFailedLines } from "./failed-lines";
import type { StoredObject } from "./objects";
import { splitBackup } from "./split-backup";

/** Unpacks an object whose key ends in `.gz`, one level: what is in it may be compressed records again. */
export const unpack = (key: string, bytes: Buffer): Buffer =>
  key.endsWith(".gz") ? gunzipSync(bytes) : bytes;

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
