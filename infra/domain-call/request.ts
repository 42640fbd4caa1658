/** One HTTP request to the domain, with retries. Serialized into a function: a factory, globals only. */
import { createSend, type Message } from "./send";

export interface Answer {
  readonly status: number;
  /** The body as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: each path answers in its own shape
  readonly json: any;
  /** Start of the body, for messages. */
  readonly words: string;
}

export interface RequestOptions extends Message {
  /** Statuses that the caller handles; others are tried again or are an error. @default 200 and 201 */
  readonly expected?: readonly number[];
}

export type Request = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

/** The domain's name is gone from the DNS. */
export interface Unreachable extends Error {
  readonly unknownHost?: boolean;
}

/**
 * Tries again what passes by itself: a new domain's name spreads in the DNS, its security plugin starts seconds
 * after its HTTP port, and its access policy and master user take minutes to be known.
 */
export const createRequest = () => {
  const firstWaitMs = 2_000;
  const longestWaitMs = 15_000;
  const accessSpreadsMs = 300_000;
  const passing = [429, 502, 503, 504];
  const send = createSend();

  /** @param budgetMs how long to try, @param isNew whether the access may still be spreading */
  return (budgetMs: number, isNew: boolean): Request & { cookies: () => string } => {
    const startedMs = Date.now();
    let cookies = "";
    const request = async (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => {
      const { expected = [200, 201] } = options;
      for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
        const elapsedMs = Date.now() - startedMs;
        let problem: string;
        let unknownHost = false;
        let again = true;
        try {
          const answer = await send(method, path, options);
          if (answer.cookies.length > 0)
            cookies = answer.cookies.map((text) => text.split(";")[0]).join("; ");
          if (expected.includes(answer.status)) return answer;
          problem = `answered ${answer.status}: ${answer.words}`;
          const starting = answer.status === 500 && answer.words.includes("not initialized");
          const spreading = [401, 403].includes(answer.status) && isNew && elapsedMs < accessSpreadsMs;
          again = passing.includes(answer.status) || starting || spreading;
        } catch (error) {
          const { message, cause } = error as Error & { cause?: { code?: string } };
          problem = `got no answer: ${cause?.code ?? message}`;
          unknownHost = cause?.code === "ENOTFOUND";
        }
        if (!again || elapsedMs + waitMs > budgetMs || (unknownHost && !isNew)) {
          throw Object.assign(new Error(`${method} ${path} ${problem}`), { unknownHost });
        }
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    };
    return Object.assign(request, { cookies: () => cookies });
  };
};
