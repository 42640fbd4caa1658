/** Who may ask: as at the dashboard, no page of another site, and no name that is not this machine's. */
import type { MiddlewareHandler } from "hono";
import { isOwnHost, isOwnSite } from "../loopback";
import { RestError } from "./errors";

export function guard(listensOn: string): MiddlewareHandler {
  return async (context, next) => {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    context.header("Cache-Control", "no-store");
    const host = context.req.header("host");
    if (!isOwnHost(host, listensOn))
      throw refused(
        `Host ${host ?? "(none)"} is not this machine; ask at the address that was printed at the start`,
      );
    const origin = context.req.header("origin");
    if (origin !== undefined && origin.toLowerCase() !== `http://${host!.toLowerCase()}`)
      throw refused(`Origin ${origin} is another site's page`);
    const site = context.req.header("sec-fetch-site");
    if (!isOwnSite(site)) throw refused(`Sec-Fetch-Site is ${site}: a page of another site may not ask`);
    await next();
  };
}

const refused = (reason: string): RestError => new RestError(403, "security_exception", reason);
