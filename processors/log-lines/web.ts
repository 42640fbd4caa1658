/**
 * Common and Combined Log Format, as Apache, nginx and API Gateway write them:
 * `192.0.2.1 - jane [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "referrer" "user agent"`, with or without
 * a virtual host in front and further fields behind.
 * @see https://httpd.apache.org/docs/current/mod/mod_log_config.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
import { type Access, createBlankAccess } from "./access";
import { createReaders } from "./values";
import { createHead } from "./web-head";
import { createRest } from "./web-rest";

/** Reads a line from a place on; a string tells why it is none. */
export function createWebFormat() {
  const blank = createBlankAccess("web", false);
  const readers = createReaders();
  const { closingQuote, undoEscapes, count } = readers;
  const readHead = createHead(readers);
  const readRest = createRest(readers);
  const openingQuote = createOpeningQuote();
  const digits = /^(?:\d{3}|-)$/;
  return (line: string, from: number): Access | string => {
    const quote = openingQuote(line, from);
    if (quote === -1) return "no format that is known";
    let end = closingQuote(line, quote + 1);
    // A line that was cut in its request still tells who asked, and when.
    if (end === -1) end = line.length;
    const access = blank(line);
    if (!readHead(access, line, from, quote)) return "no client address in front of the request";
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
    const bytes = line.slice(at, blankAt === -1 ? line.length : blankAt);
    access.responseBytes = count(bytes);
    // What is no count is a field of the user's format.
    if (access.responseBytes < 0 && bytes !== "-") readRest(access, line, at);
    else if (blankAt !== -1) readRest(access, line, blankAt + 1);
    return access;
  };
}

/**
 * The place of the quote that begins the request. One behind a backslash is part of the user's name, and so is one
 * that the time in brackets comes after.
 */
function createOpeningQuote() {
  const { max } = Math;
  const time = /\[(?:\d\d\/[A-Z][a-z]{2}\/\d{4}:|\d{4}-\d\d-\d\dT)[^\]"]{5,30}$/;
  return (line: string, from: number): number => {
    let quote = line.indexOf('"', from);
    while (quote > 0 && line.charCodeAt(quote - 1) === 92) quote = line.indexOf('"', quote + 1);
    if (quote < 2 || line.charCodeAt(quote - 1) === 93 || line.charCodeAt(quote - 2) === 93) return quote;
    const bracket = line.indexOf('] "', quote);
    return bracket !== -1 && time.test(line.slice(max(from, bracket - 40), bracket)) ? bracket + 2 : quote;
  };
}
