import type { Access } from "./access";

/**
 * Takes method, target and version from the request line where they are clearly there. Otherwise (a TLS
 * handshake on port 80, blanks in the path) the line itself is kept as `http.request.line`.
 */
export function createSplitRequest() {
  const token = /^[A-Z][A-Z_-]{0,31}$/;
  const shape = /^\d(?:\.\d)?$/;
  return (access: Access, request: string): void => {
    const first = request.indexOf(" ");
    const last = request.lastIndexOf(" ");
    if (last === -1) return;
    let end = request.length;
    if (request.startsWith("HTTP/", last + 1)) {
      const version = request.slice(last + 6);
      if (version === "1.1" || shape.test(version)) access.version = version;
      end = last;
    }
    if (first >= end) return;
    const method = request.slice(0, first);
    const target = request.slice(first + 1, end);
    const isMethod = method === "GET" || token.test(method);
    if (isMethod) access.method = method;
    if (target !== "" && !target.includes(" ") && (isMethod || target.includes("://"))) {
      access.target = target;
      if (isMethod) access.request = "";
    } else if (method === "-" && target.endsWith(" -") && target.includes("://")) {
      // "- http://lb.example.org:80- -", an ALB's line for a request that it could not read.
      access.target = target.slice(0, -2);
    }
  };
}
