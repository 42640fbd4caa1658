/**
 * HAProxy's HTTP and HTTPS log, with or without the syslog header in front. Its time has no zone and counts as UTC.
 * @see https://docs.haproxy.org/3.0/configuration.html#8.2.3
 */
import { isIP } from "node:net";
import { type Access, createBlankAccess } from "./access";
import { createOwnPart } from "./own-part";
import { createReaders } from "./values";

/** Reads a line; a string tells why it is none. */
export function createHaproxyFormat() {
  const blank = createBlankAccess("haproxy", true);
  const readers = createReaders();
  const { text, count, logTime, addressPort } = readers;
  const ipVersion = isIP;
  const own = createOwnPart(
    readers,
    "frontend:25 backend:26 server:27 request_ms:1n queue_ms:2n connect_ms:3n response_ms:4n " +
      "termination_state:10 captured_request_cookie:8 captured_response_cookie:9 active_connections:11n " +
      "frontend_connections:12n backend_connections:13n server_connections:14n retries:15n server_queue:16n " +
      "backend_queue:17n request_headers:18 response_headers:19 ssl_errors:21 ssl_server_name:22",
  );
  const header = /^(?:[^"]{0,200}? )?[\w.-]{1,64}\[\d{1,10}\]: /;
  const start =
    /^(\S{2,80}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d)(\.\d{3})\] (\S{1,256}) ([^\s/]{1,256})\/(\S{1,256}) /;
  // Times, status, bytes, two cookies, state of the end, connections, queues, captured headers, request.
  const number = String.raw`\+?(-?\d{1,15})`;
  const rest = new RegExp(
    String.raw`^${number}\/${number}\/${number}\/${number}\/${number} (-1|\d{3}) \+?(\d{1,15}) (\S+) (\S+) (\S{4}) ` +
      String.raw`${number}\/${number}\/${number}\/${number}\/${number} ${number}\/${number} ` +
      String.raw`(?:\{([^{}]*)\} )?(?:\{([^{}]*)\} )?"([^"]*)(?:"(?: ([\w/-]+) (\S*)\/((?:TLS|SSL)v[\d.]+|-)\/(\S+))?)?$`,
  );
  const bare = /^<NOSRV>$/;
  return (line: string): Access | string => {
    const tag = header.exec(line)?.[0] ?? "";
    const head = start.exec(line.slice(tag.length));
    const tail = head && rest.exec(line.slice(tag.length + head[0].length));
    const { address, port } = addressPort(head?.[1]);
    if (!head || !tail || port < 0 || ipVersion(address) === 0)
      return "fields that HAProxy's line cannot have";
    const access = blank(line);
    access.client = address;
    access.clientPort = port;
    access.timestamp = logTime(`${head[2]} +0000`).replace(".000", head[3]!);
    if (access.timestamp === "") return "no time in HAProxy's line";
    const totalMs = count(tail[5]);
    if (totalMs >= 0) access.durationSeconds = totalMs / 1000;
    access.status = count(tail[6]);
    access.responseBytes = count(tail[7]);
    access.request = text(tail[20]);
    access.tls = text(tail[23]);
    access.cipher = text(tail[24]);
    // Behind the 24 parts of the rest: front end, back end, server.
    const names = [head[4], head[5], head[6]!.replace(bare, "")];
    access.own = `"haproxy":${own([...tail, ...names])}`;
    return access;
  };
}
