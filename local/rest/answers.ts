/** How an answer goes out: as JSON, indented where it is asked for, within a bound of memory. */
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { parseJson } from "../exact-json";
import type { MemoryBudget } from "../memory-budget";
import { toJson } from "./answer/values";
import { RestError, type Status, toldOf } from "./errors";

const isPretty = (context: Context): boolean => {
  const pretty = context.req.query("pretty");
  return pretty !== undefined && pretty !== "false";
};

export function sendJson(context: Context, text: string, status: Status | 200 = 200): Response {
  const body = isPretty(context) ? `${JSON.stringify(parseJson(text), null, 2)}\n` : text;
  return context.body(body, status, {
    "Content-Type": "application/json; charset=UTF-8",
  });
}

export const noRoom = (): RestError =>
  new RestError(
    429,
    "circuit_breaking_exception",
    "Too many large answers are being read at once; ask again in a moment.",
  );

/** A large text is held until its reader has it: all of them together within a budget. */
export function sendLarge(context: Context, text: string, budget: MemoryBudget): Response {
  const { outgoing } = context.env as HttpBindings;
  const share = budget.open(() => outgoing.destroy());
  if (!share.take(2 * text.length)) {
    share.close();
    throw noRoom();
  }
  outgoing.once("close", () => share.close());
  return sendJson(context, text);
}

export function sendError(context: Context, error: unknown): Response {
  const { status, error: told } = toldOf(error);
  if (status === 503 || status === 429) context.header("Retry-After", "1");
  return sendJson(context, toJson({ error: told, status }), status);
}
