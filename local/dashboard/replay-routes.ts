/**
 * The one thing that can be done through the API: failed documents are handed in once more. Firehose has no such call;
 * for a real OpenSearch the documents go to its own `_bulk`.
 */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { FailedDocument, ReplayOutcome } from "../rooms";
import { RequestProblem } from "./answers";

export type Replay = (documents: readonly FailedDocument[]) => Promise<readonly ReplayOutcome[]>;

/** Where documents are posted to. */
export const replayPath = "/api/replay";

/** A document has up to 1,000 KiB before it is written as JSON text. */
const maxBodyBytes = 16 * 1024 * 1024;

/** `{"documents":[{"id":"…","index":"web-2026-03-01","arrivalMs":1772323200000,"source":"{…}"}]}` */
export function replayRoutes(replay: Replay): Hono {
  const routes = new Hono();
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      throw new RequestProblem(
        413,
        `the body has more than ${maxBodyBytes} bytes; send fewer documents at a time`,
      );
    },
  });
  routes.post("/", limit, async (context) => {
    // A page of another origin cannot send this type without asking first, and the guard allows no asking.
    if (context.req.header("content-type") !== "application/json")
      throw new RequestProblem(415, "Content-Type must be application/json");
    const documents = documentsOf(await context.req.text());
    return context.json({ outcomes: await replay(documents) });
  });
  return routes;
}

function documentsOf(text: string): FailedDocument[] {
  let body: { documents?: unknown };
  try {
    body = JSON.parse(text);
  } catch {
    throw new RequestProblem(400, "the body is no JSON");
  }
  const { documents } = body ?? {};
  if (!Array.isArray(documents)) throw new RequestProblem(400, "documents is missing, allowed is an array");
  for (const [place, document] of documents.entries()) {
    if (!isDocument(document)) {
      throw new RequestProblem(
        400,
        `documents[${place}] is none: it has id, index, source (text) and arrivalMs (a number)`,
      );
    }
  }
  return documents;
}

function isDocument(value: unknown): value is FailedDocument {
  const { id, index, source, arrivalMs } = (value ?? {}) as Record<string, unknown>;
  return [id, index, source].every((text) => typeof text === "string") && Number.isSafeInteger(arrivalMs);
}
