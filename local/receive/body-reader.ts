/** Reads the bodies of requests within bounds, so that neither one caller nor many at once exhaust the memory. */
import type { IncomingMessage } from "node:http";
import { bodyTooLarge, slowDown } from "./errors";

/** Base64 of the largest batch, and the JSON around 500 records. */
const maxBodyBytes = 8 * 1024 * 1024;
const maxBytesAtOnce = 64 * 1024 * 1024;

export class BodyReader {
  private heldBytes = 0;

  /**
   * Hands the body as text to `answer` and counts it as held until the answer is there.
   * @throws FirehoseError where the body is too large, or too much is held already (to be sent again later)
   */
  async read<T>(req: IncomingMessage, answer: (body: string) => Promise<T>): Promise<T> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let heldBytes = 0;
    try {
      for await (const chunk of req as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
        if (bytes - chunk.length > heldBytes) continue;
        if (this.heldBytes + chunk.length > maxBytesAtOnce) {
          // The rest is read but not kept: a caller that is still sending would not see the answer.
          chunks.length = 0;
          this.heldBytes -= heldBytes;
          heldBytes = 0;
          continue;
        }
        this.heldBytes += chunk.length;
        heldBytes += chunk.length;
        chunks.push(chunk);
      }
      if (heldBytes < bytes) throw slowDown(`More than ${maxBytesAtOnce} bytes are being received at once.`);
      return await answer(Buffer.concat(chunks.splice(0), bytes).toString("utf8"));
    } finally {
      this.heldBytes -= heldBytes;
    }
  }
}
