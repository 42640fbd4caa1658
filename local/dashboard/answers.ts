/** The errors that the dashboard's API answers with, and their one shape. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { BodyRefused } from "../body-reader";
import { QueryError } from "../rooms";

/** The caller's mistake, or something that is not there; answered with its status and text. */
export class RequestProblem extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    message: string,
  ) {
    super(message);
    this.name = "RequestProblem";
  }
}

/**
 * `{"error":{"message":"…","position":7}}`; `position` is an offset in the query, in UTF-16 units. What is nobody's
 * mistake is a 500 with its message: the page shows it, and the pipeline beside it runs on.
 */
export function errorAnswer(context: Context, error: unknown): Response {
  if (error instanceof QueryError) return context.json({ error: error.problem }, 400);
  if (error instanceof RequestProblem) {
    return context.json({ error: { message: error.message } }, error.status);
  }
  if (error instanceof BodyRefused) {
    if (error.status === 503) context.header("Retry-After", "1");
    return context.json({ error: { message: error.message } }, error.status);
  }
  const message = error instanceof Error ? error.message : String(error);
  return context.json({ error: { message: `The dashboard could not answer: ${message}` } }, 500);
}
