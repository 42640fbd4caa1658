/**
 * Reads the bodies of requests within bounds, so that neither one caller nor many at once exhaust the memory. One
 * reader for all servers of a run: what they hold together is bounded.
 */
import type { IncomingMessage } from "node:http";
import { JsonShape } from "./json-shape";
import { MemoryBudget } from "./memory-budget";

/** A body that is not read to its end. */
export class BodyRefused extends Error {
  constructor(
    /** 413: too large by itself; 503: too much is held, to be sent again later; 400: no shape of a request. */
    readonly status: 400 | 413 | 503,
    message: string,
  ) {
    super(message);
    this.name = "BodyRefused";
  }
}

/** Of all bodies that are being received or answered. */
const maxBytesAtOnce = 64 * 1024 * 1024;
/** No request of ours has more: a batch is three deep and has 500 records, a replay has 500 documents. */
const jsonBounds = { maxDepth: 32, maxValues: 100_000 };

export class BodyReader {
  constructor(readonly budget = new MemoryBudget(maxBytesAtOnce)) {}

  /**
   * Hands the body as text to `answer` and counts it as held until the answer is there.
   * @throws BodyRefused where the body is larger than `maxBytes`, no JSON of a request's shape, or too much is held
   */
  async read<T>(req: IncomingMessage, maxBytes: number, answer: (body: string) => Promise<T>): Promise<T> {
    let chunks: Buffer[] = [];
    let bytes = 0;
    let kept = true;
    const drop = (): void => {
      kept = false;
      chunks = [];
    };
    const share = this.budget.open(drop);
    const shape = new JsonShape(jsonBounds);
    try {
      for await (const chunk of req as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw new BodyRefused(413, `The body has more than ${maxBytes} bytes.`);
        const wrong = shape.add(chunk);
        if (wrong !== undefined) throw new BodyRefused(400, `The body is JSON ${wrong}.`);
        // The rest is read but not kept: a caller that is still sending would not see the answer.
        if (!kept) continue;
        if (share.take(chunk.length)) chunks.push(chunk);
        else {
          share.close();
          drop();
        }
      }
      share.settle();
      if (!kept) {
        const { limitBytes } = this.budget;
        throw new BodyRefused(503, `More than ${limitBytes} bytes are being received at once.`);
      }
      return await answer(Buffer.concat(chunks.splice(0), bytes).toString("utf8"));
    } finally {
      share.close();
    }
  }
}
