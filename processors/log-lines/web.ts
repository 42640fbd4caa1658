/**
 * Common and Combined Log Format, as Apache, nginx and API Gateway write them:
 * `192.0.2.1 - jane [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "referrer" "user agent"`, with or without
 * a virtual host in front and further fields behind.
 * @see https://httpd.apache.org/docs/current/mod/mod_log_config.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
import { isIP } from "node:net";
import { type Access, createBlankAccess } from "./access";
import { createReaders, type Readers } from "./values";

/** Reads a line; a string tells why it is none. */
export function createWebFormat() {
  const blank = createBlankAccess("web", false);
  const readers = createReaders();
  const { closingQuote, undoEscapes, count } = readers;
  const readHead = createHead(readers);
  const readRest = createRest(readers);
  const digits = /^(?:\d{3}|-)$/;
  return (line: string): Access | string => {
    const quote = line.indexOf('"');
    if (quote === -1) return "no format that is known";
    let end = closingQuote(line, quote + 1);
    // A line that was cut in its request still tells who asked, and when.
    if (end === -1) end = line.length;
    const access = blank(line);
    if (!readHead(access, line, quote)) return "no client address in front of the request";
    const request = line.slice(quote + 1, end);
    access.request = request.includes("\\") ? undoEscapes(request) : request;
    access.delimiters = 2;
    if (end >= line.length - 1)
      return end === line.length && access.timestamp ? access : "no status behind the request";
    let at = end + 2;
    let blankAt = line.indexOf(" ", at);
    const code = line.slice(at, blankAt === -1 ? line.length : blankAt);
    if (!digits.test(code)) return "no status behind the request";
    access.status = count(code);
    if (blankAt === -1) return access;
    at = blankAt + 1;
    blankAt = line.indexOf(" ", at);
    access.responseBytes = count(line.slice(at, blankAt === -1 ? line.length : blankAt));
    if (blankAt !== -1) readRest(access, line, blankAt + 1);
    return access;
  };
}

/**
 * What is in front of the request: `[vhost] client ident user [time]`. The time is looked for from the request
 * backwards, as the name of a user may hold blanks and brackets.
 */
function createHead({ logTime, text, addressPort }: Readers) {
  const ipVersion = isIP;
  return (access: Access, line: string, quote: number): boolean => {
    let end = quote;
    const bracket = line.lastIndexOf("[", quote);
    if (bracket !== -1 && line.charCodeAt(bracket + 3) === 47) {
      const close = line.indexOf("]", bracket);
      const written = line.slice(bracket + 1, close === -1 || close > quote ? quote : close);
      access.timestamp = logTime(written);
      if (access.timestamp === "") {
        access.oddTime = written;
        access.hasRest = true;
      }
      end = bracket;
    }
    while (end > 0 && line.charCodeAt(end - 1) === 32) end--;
    let first = line.indexOf(" ");
    if (first === -1 || first > end) first = end;
    if (first === 0) return false;
    let client = line.slice(0, first);
    let second = line.indexOf(" ", first + 1);
    if (second === -1 || second > end) second = end;
    // An identity is hardly ever an address: then the first word is the virtual host.
    if (second - first > 3 && ipVersion(line.slice(first + 1, second)) !== 0) {
      access.domain = addressPort(client).address;
      client = line.slice(first + 1, second);
      first = second;
      second = line.indexOf(" ", first + 1);
      if (second === -1 || second > end) second = end;
    }
    access.client = text(client);
    if (second < end) access.user = text(line.slice(second + 1, end));
    return true;
  };
}

/**
 * What is behind the count of bytes: referrer, user agent, then fields that the format leaves to the user. Taken
 * from those are nginx's `$http_x_forwarded_for` and `$request_time` (the first with a decimal point) and API
 * Gateway's request id; the others stay in `extra`.
 */
function createRest({ fieldsOf, text }: Readers) {
  const ipVersion = isIP;
  const decimal = /^\d{1,7}\.\d{1,9}$/;
  const number = /^[\d.]*$/;
  return (access: Access, line: string, start: number): void => {
    // FIRST the usual case, which is most of all lines: two texts without anything to undo, and no more.
    const middle = line.indexOf('" "', start + 1);
    const last = middle === -1 ? -1 : line.indexOf('"', middle + 3);
    const isUsual = last === line.length - 1 && line.charCodeAt(start) === 34 && !line.includes("\\");
    if (isUsual && line.indexOf('"', start + 1) === middle) {
      access.referrer = text(line.slice(start + 1, middle));
      access.userAgent = text(line.slice(middle + 3, last));
      access.delimiters = 6;
      return;
    }
    // THEN all others.
    const fields = fieldsOf(line, start);
    let at = 0;
    if (line.charCodeAt(start) === 34) {
      access.referrer = text(fields[0]);
      access.userAgent = text(fields[1]);
      access.delimiters = -1;
      at = 2;
    } else if (fields.length === 1 && !number.test(fields[0]!)) {
      access.requestId = text(fields[0]);
      return;
    }
    access.hasRest = at < fields.length || access.hasRest;
    for (; at < fields.length; at++) {
      const field = fields[at]!;
      const address = at === 2 ? field.split(",", 1)[0]! : "";
      if (address !== "" && ipVersion(address) !== 0) access.forwarded = address;
      else if (access.durationSeconds < 0 && decimal.test(field)) access.durationSeconds = +field;
      else if (field !== "-") {
        if (access.extra.length === 0) access.extra = [];
        access.extra.push(field);
      }
    }
  };
}
