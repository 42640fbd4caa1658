/** Questions to the dashboard's own server. */

/** What the server answered instead: a mistake in the query has a position. */
export class ApiError extends Error {
  constructor(message, status, position) {
    super(message);
    this.status = status;
    this.position = position;
  }
}

/** The stream that the page is about; undefined for the first one. Another one is another page. */
const stream = (globalThis.location && new URLSearchParams(location.search).get("stream")) ?? undefined;

/** Address of an API call; undefined and empty parameters are left out, those of a list come several times. */
export function apiAddress(path, params = {}) {
  const given = Object.entries({ stream, ...params }).filter(
    ([, value]) => value !== undefined && value !== "",
  );
  const pairs = given.flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
  const query = new URLSearchParams(pairs).toString();
  return `/api/${path}${query ? `?${query}` : ""}`;
}

export const ask = (path, params, signal) => answerOf(apiAddress(path, params), { signal });

/** Hands something in; the server takes it from its own page alone. */
export const post = (path, body) =>
  answerOf(apiAddress(path), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

async function answerOf(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    globalThis.dispatchEvent?.(new Event("unanswered"));
    throw new ApiError("The dashboard's server does not answer.", 0);
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new ApiError(body.error?.message ?? `HTTP ${response.status}`, response.status, body.error?.position);
}
