/**
 * HAProxy's HTTP and HTTPS log, with or without the syslog header in front. Its time has no zone and counts as UTC.
 * @see https://docs.haproxy.org/3.0/configuration.html#8.2.3
 */
import { isIP } from "node:net";
import { type Access, createBlankAccess, createPart } from "./access";
import { createReaders } from "./values";

/** Reads a line; a string tells why it is none. */
export function createHaproxyFormat() {
  const blank = createBlankAccess("haproxy", true);
  const { text, count, logTime, addressPort } = createReaders();
  const part = createPart();
  const ipVersion = isIP;
  const names = (
    "frontend backend server request_ms queue_ms connect_ms response_ms termination_state " +
    "captured_request_cookie captured_response_cookie active_connections frontend_connections " +
    "backend_connections server_connections retries server_queue backend_queue request_headers response_headers " +
    "ssl_errors ssl_server_name"
  ).split(" ");
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
    const ms = (at: number): number => count(tail[at]);
    if (ms(5) >= 0) access.durationSeconds = ms(5) / 1000;
    access.status = count(tail[6]);
    access.responseBytes = count(tail[7]);
    access.request = text(tail[20]);
    access.tls = text(tail[23]);
    access.cipher = text(tail[24]);
    const own = part(names, [
      head[4]!,
      head[5]!,
      head[6]!.replace(bare, ""),
      ms(1),
      ms(2),
      ms(3),
      ms(4),
      tail[10]!,
      text(tail[8]),
      text(tail[9]),
      ...[11, 12, 13, 14, 15, 16, 17].map(ms),
      tail[18] ?? "",
      tail[19] ?? "",
      tail[21] ?? "",
      text(tail[22]),
    ]);
    access.own = `"haproxy":${own}`;
    return access;
  };
}
