/** "Where is my document?": what became of records that have a text or came at a time. */
import { type Context, Hono } from "hono";
import { RequestProblem } from "./answers";
import { timeRange, wholeNumber } from "./params";
import { Budget } from "./whereabouts/budget";
import { type LookedThrough, type LookOptions, look } from "./whereabouts/look";

const maxSize = 100;
/** Of unpacked objects, for one question. */
const maxBytes = 512 * 1024 * 1024;
const maxTextLetters = 1_000;
/** Each reads objects as fast as it can. */
const maxRunning = 2;

/**
 * `?text=order-77&fromMs=…&toMs=…&size=20`: a text of the record or the document, a record's id, a document's id, or a
 * time alone. `before` goes on behind an object.
 * @param streamsOf those that the request names
 */
export function whereaboutsRoutes(
  streamsOf: (context: Context) => readonly LookedThrough[],
  queryTimeoutMs: number,
): Hono {
  const routes = new Hono();
  let running = 0;
  routes.get("/", async (context) => {
    const options = optionsOf(context);
    const streams = streamsOf(context);
    if (running >= maxRunning) {
      context.header("Retry-After", "1");
      throw new RequestProblem(503, `${maxRunning} such questions are being answered; ask again in a moment`);
    }
    running += 1;
    try {
      const budget = new Budget(queryTimeoutMs, maxBytes, context.req.raw.signal);
      const answers = [];
      // Each stream has an equal part of what the ones before it have left.
      for (const [place, stream] of streams.entries())
        answers.push(
          await budget.within(1 / (streams.length - place), (part) => look(stream, options, part)),
        );
      return context.json({ streams: answers });
    } finally {
      running -= 1;
    }
  });
  return routes;
}

function optionsOf(context: Context): LookOptions {
  const text = (context.req.query("text") ?? "").trim();
  const before = context.req.query("before");
  const time = timeRange(context);
  const size = wholeNumber(context, "size", 1) ?? 20;
  if (size > maxSize) throw new RequestProblem(400, `size is ${size}, allowed are ${maxSize}`);
  if (text.length > maxTextLetters)
    throw new RequestProblem(400, `text has ${text.length} letters, allowed are ${maxTextLetters}`);
  if (text === "" && Object.keys(time).length === 0)
    throw new RequestProblem(400, "text is missing, allowed is a text, or a time with fromMs and toMs");
  return { text, size, ...time, ...(before && { before }) };
}
