/** Sends one request to the domain, once. */

export interface Message {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Reads the environment variables ENDPOINT (a URL without a path), USERNAME and PASSWORD. */
export const createSend = () => {
  const { stringify, parse } = JSON;
  const requestTimeoutMs = 30_000;
  const { ENDPOINT = "", USERNAME = "", PASSWORD } = process.env;
  const login = PASSWORD ? `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString("base64")}` : undefined;
  return async (method: string, path: string, { body, headers }: Message) => {
    const response = await fetch(`${ENDPOINT}${path}`, {
      method,
      headers: {
        ...(login ? { authorization: login } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = parse(text);
    } catch {
      json = undefined;
    }
    const cookies = response.headers.getSetCookie();
    return { status: response.status, json, words: text.slice(0, 300), cookies };
  };
};
