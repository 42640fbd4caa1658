/**
 * Who may ask, and what an answer allows a browser to do. The dashboard has no login: that it listens on loopback
 * only is worth nothing if any web page can reach it through a name of its own (DNS rebinding), a form or an image.
 */
import type { HonoRequest, MiddlewareHandler } from "hono";
import { isOwnHost, isOwnSite } from "../loopback";
import { RequestProblem } from "./answers";

/** All of the page comes from this server, and none of it inline: a document can never become script. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** On every answer. */
export const answerHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": contentSecurityPolicy,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  // What the pipeline holds changes by the second.
  "Cache-Control": "no-store",
};

export const setAnswerHeaders: MiddlewareHandler = async (context, next) => {
  for (const [name, value] of Object.entries(answerHeaders)) context.header(name, value);
  await next();
};

/**
 * Lets through GET and HEAD from the machine's own names; `listensOn` is the address the server was told.
 * @param posts paths that take POST too
 */
export function guard(listensOn: string, posts: readonly string[] = []): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(answerHeaders)) context.header(name, value);
    const { method } = context.req;
    const mayPost = method === "POST" && posts.includes(context.req.path);
    if (method !== "GET" && method !== "HEAD" && !mayPost) {
      context.header("Allow", "GET, HEAD");
      throw new RequestProblem(405, `${method} is not allowed: the dashboard only reads (GET, HEAD)`);
    }
    const host = context.req.header("host");
    if (!isOwnHost(host, listensOn)) {
      throw new RequestProblem(
        403,
        `Host ${host ?? "(none)"} is not this machine; open the dashboard at the address that was printed at its start`,
      );
    }
    const origin = context.req.header("origin");
    if (origin !== undefined && !isSameOrigin(origin, host!)) {
      throw new RequestProblem(403, `Origin ${origin} is not the dashboard's own page`);
    }
    const site = context.req.header("sec-fetch-site");
    if (!isOwnSite(site) && !opensThePage(context.req)) {
      throw new RequestProblem(403, `Sec-Fetch-Site is ${site}: a page of another site may not ask`);
    }
    await next();
  };
}

/** A link to the dashboard on another site, clicked: what it shows then stays in a window that the site cannot read. */
function opensThePage(request: HonoRequest): boolean {
  return (
    request.method === "GET" &&
    request.path === "/" &&
    request.header("sec-fetch-mode") === "navigate" &&
    request.header("sec-fetch-dest") === "document"
  );
}

function isSameOrigin(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host.toLowerCase()}`;
}
