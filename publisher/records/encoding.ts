/** Text that is not written in bytes: UTF-16, as Windows' tools write it, is sent as UTF-8; what cannot be read is named. */
import { cannotDecode } from "../errors";
import { type Chunk, quiet } from "./quiet";

/** How a text's begin says that it is written. */
export function encodingOf(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  const [first, second, third, fourth] = head;
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0) throw cannotDecode("UTF-32");
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) throw cannotDecode("UTF-32");
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // Without its mark: every other byte of a text's begin is zero, and no other.
  const begin = head.subarray(0, 8);
  const everyOther = (offset: number) => begin.every((byte, at) => (byte === 0) === (at % 2 === offset));
  if (begin.length < 8) return undefined;
  return everyOther(1) ? "utf-16le" : everyOther(0) ? "utf-16be" : undefined;
}

/** The same text in UTF-8, without its byte order mark. */
export async function* inUtf8(
  chunks: AsyncIterable<Chunk>,
  encoding: "utf-16le" | "utf-16be",
): AsyncGenerator<Chunk> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    yield chunk === quiet ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  }
  yield Buffer.from(decoder.decode());
}
