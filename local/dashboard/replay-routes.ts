/**
 * The one thing that can be done through the API: failed documents are handed in once more. Firehose has no such call;
 * for a real OpenSearch the documents go to its own `_bulk`.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { BodyReader } from "../body-reader";
import type { FailedDocument, ReplayOutcome } from "../rooms";
import { RequestProblem } from "./answers";

export type Replay = (documents: readonly FailedDocument[]) => Promise<readonly ReplayOutcome[]>;

/** Where documents are posted to. */
export const replayPath = "/api/replay";

/** A document has up to 1,000 KiB before it is written as JSON text. */
const maxBodyBytes = 16 * 1024 * 1024;

/** `{"documents":[{"id":"…","index":"web-2026-03-01","arrivalMs":1772323200000,"source":"{…}"}]}` */
export function replayRoutes(replay: Replay, bodies: BodyReader): Hono {
  const routes = new Hono();
  const inTurn = turns();
  routes.post("/", async (context) => {
    // A page of another origin cannot send this type without asking first, and the guard allows no asking.
    if (context.req.header("content-type") !== "application/json")
      throw new RequestProblem(415, "Content-Type must be application/json");
    const { incoming } = context.env as HttpBindings;
    // What is left of a body that is refused will not be read.
    if (!incoming.complete) context.header("Connection", "close");
    const outcomes = await bodies.read(incoming, maxBodyBytes, (text) =>
      inTurn(() => replay(documentsOf(text))),
    );
    return context.json({ outcomes });
  });
  return routes;
}

/** One after another: parsed and on their way into the index, documents take several times their room. */
function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
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
