/** Large answers, sent piece by piece within a budget: what a reader has taken is held no more. */
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { MemoryBudget } from "../memory-budget";
import { RequestProblem } from "./answers";

/** Smaller ones are not worth a stream. */
const smallBytes = 64 * 1024;

/**
 * Answers with the pieces' texts in their order. A reader that stops while others need the room is cut off.
 * @param texts each is called once, when the reader has room for it
 * @param sizes of what is held for each text, about in bytes
 * @throws RequestProblem 503 where the budget has no room
 */
export function streamAnswer(
  context: Context,
  budget: MemoryBudget,
  contentType: string,
  texts: (() => string)[],
  sizes: readonly number[],
): Response {
  const headers = { "Content-Type": contentType };
  if (context.req.method === "HEAD") return context.body(null, 200, headers);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= smallBytes) return context.body(texts.map((text) => text()).join(""), 200, headers);
  const { outgoing } = context.env as HttpBindings;
  const share = budget.open(() => outgoing.destroy());
  outgoing.once("close", () => share.close());
  if (!share.take(total)) {
    share.close();
    context.header("Retry-After", "1");
    throw new RequestProblem(503, "too many large answers are being read at once; ask again in a moment");
  }
  const encoder = new TextEncoder();
  let next = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (next > 0) share.give(sizes[next - 1]!);
        const text = texts[next];
        if (text === undefined) return controller.close();
        controller.enqueue(encoder.encode(text()));
        // What the text was made from is held by its closure alone.
        texts[next++] = () => "";
      },
      cancel: () => share.close(),
    },
    { highWaterMark: 0 },
  );
  return context.body(stream, 200, headers);
}
