/** The search API of a real OpenSearch over HTTP: bounded in time and bytes, and given up when nobody waits any more. */
import { parseJson } from "../exact-json";
import { plainText } from "../plain-text";
import { type Patience, QueryError } from "../rooms";

// biome-ignore lint/suspicious/noExplicitAny: JSON of the search API
export type Json = any;

/** The server did not answer in the time that somebody waits. */
export class AnswerTimedOut extends Error {}

/** The answer is larger than is read; fewer documents at a time make it smaller. */
export class AnswerTooLarge extends Error {}

/** Where nobody says how long to wait. */
const defaultTimeoutMs = 30_000;
/** For the answer to come back after the server's own time limit has ended the search. */
const graceMs = 1000;
/** Of one answer; more would be a hundred MB once it is parsed. */
const defaultMaxAnswerBytes = 24 * 1024 * 1024;

export class SearchApi {
  private readonly base: string;
  private readonly headers: Record<string, string> = { "content-type": "application/json" };

  /** @param address such as `https://user:password@host:9200` */
  constructor(
    address: string,
    private readonly maxAnswerBytes = defaultMaxAnswerBytes,
  ) {
    const url = new URL(address);
    if (url.username !== "") {
      const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      this.headers["authorization"] = `Basic ${Buffer.from(login).toString("base64")}`;
    }
    url.username = "";
    url.password = "";
    this.base = url.href.replace(/\/$/, "");
  }

  /**
   * @throws QueryError where the server calls the query wrong
   * @throws AnswerTimedOut, AnswerTooLarge
   */
  async ask(method: string, path: string, body: object | undefined, patience: Patience): Promise<Json> {
    const { signal, timeoutMs = defaultTimeoutMs } = patience;
    const limit = AbortSignal.timeout(timeoutMs + graceMs);
    try {
      const response = await fetch(`${this.base}${path}`, {
        method,
        headers: this.headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      return answerOf(response, await this.boundedText(response));
    } catch (error) {
      if (limit.aborted && !signal?.aborted) throw new AnswerTimedOut();
      throw error;
    }
  }

  private async boundedText(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      // Leaving the loop ends the connection, and with it the server's work.
      if (bytes > this.maxAnswerBytes)
        throw new AnswerTooLarge(`the answer has more than ${this.maxAnswerBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }
}

function answerOf({ ok, status }: Response, text: string): Json {
  let answer: Json;
  try {
    answer = parseJson(text);
  } catch {
    throw new Error(`OpenSearch answered ${status} with something that is no JSON: ${plainText(text)}`);
  }
  if (ok) return answer;
  const reason: unknown = answer?.error?.root_cause?.[0]?.reason ?? answer?.error?.reason;
  const message = typeof reason === "string" ? plainText(reason) : `HTTP ${status}`;
  if (status === 400) throw new QueryError({ message });
  throw new Error(`OpenSearch answered ${status}: ${message}`);
}
