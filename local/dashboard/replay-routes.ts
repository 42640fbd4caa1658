/**
 * The one thing that can be done through the API: failed documents are handed in once more. Firehose has no such call;
 * for a real OpenSearch the documents go to its own `_bulk`.
 */
import { Hono } from "hono";
import type { BodyReader } from "../body-reader";
import type { FailedDocument, ReplayOutcome } from "../rooms";
import { RequestProblem } from "./answers";
import { readJsonBody } from "./json-body";

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
    const outcomes = await readJsonBody(context, bodies, maxBodyBytes, (body) =>
      inTurn(() => replay(documentsOf(body))),
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

function documentsOf(body: unknown): FailedDocument[] {
  const { documents } = (body ?? {}) as { documents?: unknown };
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
