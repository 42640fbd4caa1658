/**
 * What senders pack: a record of gzip or zstd, of several lines, or of Fluent Bit's `log_key`, as the line that the next processor
 * reads. See docs/processors.md.
 */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import type { Outcome, ProcessorFactory } from "./processor";

/**
 * FIRST gzip or zstd is taken off, THEN a record of several lines is dropped for records of one line each, which are put into the
 * stream: a line that the next processor does not take fails alone. They come back as single lines, so it ends there.
 */
export const unpack: ProcessorFactory = () => {
  const textOf = createText();
  const unescaped = createUnescaped();
  const maxLines = 20_000;
  const dropped: Outcome = { result: "Dropped" };
  return (record) => {
    const text = textOf(record.bytes());
    if (typeof text !== "string") return text;
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length > maxLines) return { result: "ProcessingFailed", reason: `more than ${maxLines} lines` };
    const [line, another] = lines;
    if (line == null) return dropped;
    if (another == null)
      return { result: "Ok", text: unescaped(line.endsWith("\r") ? line.slice(0, -1) : line) };
    return { result: "Dropped", again: lines };
  };
};

/** The text of a record's bytes; what it unpacks to has a bound, so that one made to fill the memory fails alone. */
function createText() {
  const gunzip = gunzipSync;
  const unzstd = createUnzstd();
  const maxOutputLength = 32 * 1024 * 1024;
  /** A frame, or one that is to be skipped. */
  const startsZstd = (magic: string): boolean =>
    magic === "\x28\xb5\x2f\xfd" || (/^[P-_]/.test(magic) && magic.endsWith("\x2a\x4d\x18"));
  const failed = (reason: string): Outcome => ({ result: "ProcessingFailed", reason });
  return (bytes: Buffer): string | Outcome => {
    const magic = bytes.toString("latin1", 0, 4);
    if (magic === "\xff\x06\x00\x00") return failed("packed with Snappy; gzip and zstd are read");
    const isZstd = startsZstd(magic);
    if (!isZstd && !magic.startsWith("\x1f\x8b")) return bytes.toString();
    try {
      return (isZstd ? unzstd(bytes, maxOutputLength) : gunzip(bytes, { maxOutputLength })).toString();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === "ERR_BUFFER_TOO_LARGE") return failed(`unpacks to more than ${maxOutputLength} bytes`);
      return failed(code ? `damaged ${isZstd ? "zstd" : "gzip"}` : message);
    }
  };
}

/** Node may end behind any frame, and says nothing of what is behind it. */
function createUnzstd() {
  const unzstd = zstdDecompressSync as unknown as (
    bytes: Buffer,
    options: object,
  ) => { buffer: Buffer; engine: { bytesWritten: number } };
  const concat = Buffer.concat.bind(Buffer);
  const maxFrames = 1000;
  const tooMany = new RangeError(`more than ${maxFrames} frames of zstd`);
  const { max } = Math;
  return (bytes: Buffer, maxOutputLength: number): Buffer => {
    const parts: Buffer[] = [];
    let left = maxOutputLength;
    for (let at = 0; at < bytes.length; ) {
      if (parts.length === maxFrames) throw tooMany;
      const options = { info: true, maxOutputLength: max(1, left) };
      const { buffer, engine } = unzstd(bytes.subarray(at), options);
      parts.push(buffer);
      left -= buffer.length;
      at += engine.bytesWritten;
    }
    return concat(parts);
  };
}

/** `log_key` sends the JSON text of a value without its quotes: known by quotes of which each has a backslash. */
function createUnescaped() {
  const { parse } = JSON;
  const bare = /(?:^|[^\\])(?:\\\\)*"/;
  return (line: string): string => {
    if (!line.includes('\\"') || bare.test(line)) return line;
    try {
      return parse(`"${line}"`) as string;
    } catch {
      return line;
    }
  };
}
