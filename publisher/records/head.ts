/** The begin of bytes tells what all of them are; it may come in pieces, and of a quiet source no more for long. */
import { type Chunk, quiet } from "./quiet";

const headBytes = 8;

/** First bytes of something else than a line of ASCII or UTF-8: compressed, or with a byte order mark, or with zeros. */
const special = new Set([0x00, 0x04, 0x1f, 0x28, 0x42, 0x50, 0xfd, 0xfe, 0xff]);

/** The begin, as far as it is needed, and all chunks, the begin among them. */
export async function beginOf(
  source: AsyncGenerator<Chunk>,
): Promise<{ readonly head: Buffer; readonly chunks: AsyncGenerator<Chunk> }> {
  let head: Buffer = Buffer.alloc(0);
  let isCopy = false;
  let wasQuiet = false;
  while (isUndecided(head)) {
    const next = await source.next();
    if (next.done) break;
    if (next.value === quiet) {
      wasQuiet = true;
      if (head.length > 0 && head[0] !== 0x1f && head[0] !== 0x28) break;
      continue;
    }
    head = isCopy ? Buffer.concat([head, next.value]) : next.value;
    // What is lent is overwritten when more is asked for.
    if (isUndecided(head)) head = Buffer.from(head);
    isCopy = true;
  }
  async function* all(): AsyncGenerator<Chunk> {
    if (head.length > 0) yield head;
    if (wasQuiet) yield quiet;
    yield* source;
  }
  return { head, chunks: all() };
}

const isUndecided = (head: Buffer): boolean =>
  head.length < 2 || (head.length < headBytes && (special.has(head[0]!) || head[1] === 0));
