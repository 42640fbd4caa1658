/**
 * Cuts a backup object into the records that Firehose wrote one after another, with nothing between them.
 * What the bytes look like decides: a gzip member (CloudWatch's payloads), a JSON text, or else a line.
 */
import { crc32, inflateRawSync } from "node:zlib";
import { maxRecordBytes } from "../../firehose/limits";

/** A record, byte for byte as it was put into the stream. */
export interface BackupRecord {
  /** Place of its first byte in the object, from 0. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Bytes that are no whole record. */
export interface TornPart {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly reason: string;
}

export interface SplitBackup {
  readonly records: readonly BackupRecord[];
  readonly torn: readonly TornPart[];
}

const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isSpace = (byte: number | undefined) => byte === 0x20 || byte === LF || byte === 0x0d || byte === 0x09;
const isOpening = (byte: number | undefined) => byte === 0x7b || byte === 0x5b;
const isGzip = (bytes: Buffer, at: number) =>
  bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;

/** @param bytes the object, unpacked where the stream compresses its backup (a key that ends in .gz) */
export function splitBackup(bytes: Buffer): SplitBackup {
  const records: BackupRecord[] = [];
  const torn: TornPart[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (isSpace(bytes[offset])) {
      offset++;
      continue;
    }
    const end = endOfRecord(bytes, offset);
    if (typeof end === "string") {
      torn.push({ offset, lengthBytes: bytes.length - offset, reason: end });
      break;
    }
    records.push({ offset, bytes: bytes.subarray(offset, end) });
    offset = end;
  }
  return { records, torn };
}

/** Where the record that starts at `offset` ends, or why it does not. A newline behind text belongs to it. */
function endOfRecord(bytes: Buffer, offset: number): number | string {
  if (isGzip(bytes, offset)) return endOfGzipMember(bytes, offset);
  const newline = bytes.indexOf(LF, offset);
  if (isOpening(bytes[offset])) {
    const end = endOfJson(bytes, offset);
    if (end !== undefined && isJson(bytes, offset, end)) return bytes[end] === LF ? end + 1 : end;
    if (newline < 0 && end === undefined) return "a JSON text that does not end";
  }
  return newline < 0 ? bytes.length : newline + 1;
}

/** Behind the bracket that closes the first one; undefined where none does within the size of a record. */
function endOfJson(bytes: Buffer, offset: number): number | undefined {
  const limit = Math.min(bytes.length, offset + maxRecordBytes);
  let depth = 0;
  let inString = false;
  for (let at = offset; at < limit; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
      else if (byte === LF) return undefined; // No JSON: a newline in a string is written \n.
    } else if (byte === QUOTE) inString = true;
    else if (isOpening(byte)) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return at + 1;
  }
  return undefined;
}

function isJson(bytes: Buffer, from: number, to: number): boolean {
  try {
    JSON.parse(bytes.toString("utf8", from, to));
    return true;
  } catch {
    return false;
  }
}

/** Header, deflate stream and trailer of RFC 1952; the deflate stream alone knows where it ends. */
function endOfGzipMember(bytes: Buffer, offset: number): number | string {
  const start = endOfGzipHeader(bytes, offset);
  if (start === undefined) return "a gzip member that ends in its header";
  try {
    const { buffer, engine } = inflateRawSync(bytes.subarray(start), { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    const trailer = start + engine.bytesWritten;
    if (trailer + 8 > bytes.length) return "a gzip member without its end";
    return bytes.readUInt32LE(trailer) === crc32(buffer)
      ? trailer + 8
      : "a gzip member with a wrong checksum";
  } catch (error) {
    return `a gzip member that cannot be unpacked (${(error as Error).message})`;
  }
}

function endOfGzipHeader(bytes: Buffer, offset: number): number | undefined {
  const flags = bytes[offset + 3] ?? 0;
  let at = offset + 10;
  if (flags & 4) at += 2 + (bytes.length >= at + 2 ? bytes.readUInt16LE(at) : 0);
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at); // Name, comment: text that ends in a zero.
    if (end < 0) return undefined;
    at = end + 1;
  }
  if (flags & 2) at += 2;
  return at < bytes.length ? at : undefined;
}
