/** Reads what is posted to the dashboard's API. */
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { BodyReader } from "../body-reader";
import { RequestProblem } from "./answers";

/**
 * Hands the body, read as JSON, to `answer`; it counts as held until the answer is there.
 * @throws RequestProblem where it is said to be another type (415), or is no JSON (400)
 * @throws BodyRefused as `BodyReader.read` says
 */
export function readJsonBody<T>(
  context: Context,
  bodies: BodyReader,
  maxBytes: number,
  answer: (body: unknown) => T | Promise<T>,
): Promise<T> {
  // A page of another origin cannot send this type without asking first, and the guard allows no asking.
  if (context.req.header("content-type") !== "application/json")
    throw new RequestProblem(415, "Content-Type must be application/json");
  const { incoming } = context.env as HttpBindings;
  // What is left of a body that is refused will not be read.
  if (!incoming.complete) context.header("Connection", "close");
  return bodies.read(incoming, maxBytes, async (text) => answer(parse(text)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestProblem(400, "the body is no JSON");
  }
}
