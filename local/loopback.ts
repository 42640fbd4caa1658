/** Guards a server on this machine against names of other machines (DNS rebinding). */
import { isIP } from "node:net";
import { hostname } from "node:os";

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a Host header names this machine. An attacker's page can only come with a name of the attacker's, so where
 * the server listens on the network, any bare address is as good as the printed one.
 */
export function isOwnHost(host: string | undefined, listensOn: string): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  if (loopbackNames.has(name) || name === listensOn.toLowerCase()) return true;
  if (isLoopback(listensOn)) return false;
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0 || name === hostname().toLowerCase();
}

/**
 * Whether no page of another site is behind a request: browsers say so in `Sec-Fetch-Site`, also where they send no
 * Origin, as for an image or a script. Another port of this machine is "same-site" and another program's page.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isOwnSite(secFetchSite: string | undefined): boolean {
  return secFetchSite === undefined || secFetchSite === "same-origin" || secFetchSite === "none";
}

/** Name part of `name`, `name:port` or `[address]:port`, in lower case; undefined for anything else. */
function hostName(host: string | undefined): string | undefined {
  const parts = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host ?? "");
  return parts?.[1]?.toLowerCase();
}

export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || address.startsWith("127.");
}
