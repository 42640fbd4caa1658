/** Errors as OpenSearch writes them: `{"error":{"root_cause":[…],"type","reason"},"status"}`. */
import { BodyRefused } from "../body-reader";
import { QueryError } from "../rooms";

export type Status = 400 | 403 | 404 | 405 | 413 | 429 | 500 | 503;

export class RestError extends Error {
  constructor(
    readonly status: Status,
    readonly type: string,
    reason: string,
    /** Further members of the error. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(reason);
    this.name = "RestError";
  }
}

/** A body that is no request: of the wrong shape, or with a key that nobody knows. */
export const parsing = (reason: string): RestError => new RestError(400, "parsing_exception", reason);

/** A value within an object that cannot be. */
export const content = (reason: string): RestError => new RestError(400, "x_content_parse_exception", reason);

export const illegal = (reason: string): RestError =>
  new RestError(400, "illegal_argument_exception", reason);

/** A request that lacks what it must have, or has what it may not. */
export const invalid = (problem: string): RestError =>
  new RestError(400, "action_request_validation_exception", `Validation Failed: 1: ${problem};`);

/** What a real node takes and this one does not. */
export class NotTaken extends RestError {}

export function notTaken(what: string, instead = ""): NotTaken {
  const reason = `[${what}] is not taken by the search API of a local run${instead === "" ? "" : `: ${instead}`}; docs/rest-api.md lists what is`;
  return new NotTaken(400, "illegal_argument_exception", reason);
}

interface Told {
  readonly status: Status;
  readonly error: object;
}

/** What an answer says of an error. What is nobody's mistake is a 500. */
export function toldOf(error: unknown): Told {
  if (error instanceof RestError) {
    const { status, type, message: reason, details } = error;
    return { status, error: { root_cause: [{ type, reason, ...details }], type, reason, ...details } };
  }
  if (error instanceof QueryError) return toldOfQuery(error);
  if (error instanceof BodyRefused) {
    const type = error.status === 400 ? "parsing_exception" : "circuit_breaking_exception";
    return toldOf(new RestError(error.status, type, error.message));
  }
  const reason = error instanceof Error ? error.message : String(error);
  return toldOf(new RestError(500, "exception", reason));
}

const tooMuch = "circuit_breaking_exception";

/** A query that is understood and cannot be answered is told by the shard, which wraps it. */
function toldOfQuery({ problem }: QueryError): Told {
  const { type = "query_shard_exception", message: reason } = problem;
  if (type === tooMuch) return toldOf(new RestError(429, type, reason));
  const cause = { type, reason };
  return {
    status: type === "aggregation_execution_exception" ? 500 : 400,
    error: {
      root_cause: [cause],
      type: "search_phase_execution_exception",
      reason: "all shards failed",
      phase: "query",
      grouped: true,
      failed_shards: [{ shard: 0, reason: cause }],
      ...(type === "query_shard_exception" ? {} : { caused_by: cause }),
    },
  };
}
