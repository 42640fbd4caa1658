/**
 * What senders pack: a record of gzip, of several lines, or of Fluent Bit's `log_key`, as the line that the next processor
 * reads. See docs/processors.md.
 */
import { gunzipSync } from "node:zlib";
import type { Outcome, ProcessorFactory } from "./processor";

/**
 * FIRST gzip is taken off, THEN a record of several lines is dropped for records of one line each, which are put into the
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
  const maxOutputLength = 32 * 1024 * 1024;
  const failed = (reason: string): Outcome => ({ result: "ProcessingFailed", reason });
  return (bytes: Buffer): string | Outcome => {
    const magic = bytes.toString("latin1", 0, 4);
    if (magic === "\x28\xb5\x2f\xfd") return failed("packed with zstd; gzip is read");
    if (magic === "\xff\x06\x00\x00") return failed("packed with Snappy; gzip is read");
    if (!magic.startsWith("\x1f\x8b")) return bytes.toString();
    try {
      return gunzip(bytes, { maxOutputLength }).toString();
    } catch (error) {
      const isLarge = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
      return failed(isLarge ? `unpacks to more than ${maxOutputLength} bytes` : "damaged gzip");
    }
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
