/** A server may still be starting when we are, or nobody may be there: which of the two is said within seconds. */
import type { Clock } from "../clock";
import { remoteAway, remoteRefused, textOf } from "../errors";
import { plainText } from "../plain-text";

export interface WaitOptions {
  /** `http://HOST:PORT` */
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly clock: Clock;
  /** @default the global fetch */
  readonly fetch?: typeof fetch;
  log(text: string): void;
}

const pauseMs = 1000;
/** A server that is up answers its own address in no time. */
const answerMs = 2000;
/** A node on a laptop takes half a minute to start. */
const patienceMs = 120_000;

/** @throws UserError where nobody answers for two minutes, or the server does not take the user */
export async function waitForServer(options: WaitOptions): Promise<void> {
  const { origin, clock, log } = options;
  const startMs = clock.steadyMs();
  let said: string | undefined;
  for (;;) {
    const why = await whyNot(options);
    if (why === undefined) {
      if (said !== undefined) log(`${origin} answers.`);
      return;
    }
    if (clock.steadyMs() - startMs > patienceMs) throw remoteAway(origin, why);
    if (why !== said) {
      log(
        `waiting for the OpenSearch at ${origin} (${why}), for ${patienceMs / 1000} seconds at the most. Ctrl-C ends it; without --opensearch the embedded index is used.`,
      );
    }
    said = why;
    await clock.wait(pauseMs);
  }
}

/** Undefined where the server is there. */
async function whyNot({
  origin,
  username,
  password,
  fetch: ask = fetch,
}: WaitOptions): Promise<string | undefined> {
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  const headers = username === "" ? {} : { authorization: `Basic ${login}` };
  let status: number;
  try {
    const response = await ask(origin, { headers, signal: AbortSignal.timeout(answerMs) });
    ({ status } = response);
    await response.body?.cancel();
  } catch (error) {
    const { cause, name } = error as Error;
    if (name === "TimeoutError") return `no answer within ${answerMs / 1000} seconds`;
    return plainText(textOf(cause ?? error));
  }
  if (status === 401 || status === 403)
    throw remoteRefused(
      origin,
      "the user",
      `${status}; expected --opensearch https://USER:PASSWORD@HOST:PORT`,
    );
  return status >= 500 ? `it answers ${status}` : undefined;
}
