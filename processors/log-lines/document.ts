/** The one shape that all access logs become: names of the Elastic Common Schema, JSON on a single line. */
import { isIP } from "node:net";
import { type Access, createPart, type Quote } from "./access";
import { createSplitRequest } from "./request";
import { createUrl } from "./url";
import { createAddressPort } from "./values";

/**
 * Writes the document piece by piece: of the ways that were measured the cheapest. The line is escaped as a
 * whole, and where that changed nothing but the quotes around its fields, the fields are written as they are.
 */
export function createDocument() {
  const { stringify } = JSON;
  const bare: Quote = (value) => `"${value}"`;
  const { round } = Math;
  const http = createHttp();
  const url = createUrl();
  const split = createSplitRequest();
  const host = createHost();
  const rest = createRest();
  return (access: Access): string => {
    const { line, timestamp, durationSeconds } = access;
    if (access.request !== "") split(access, access.request);
    const message = stringify(line);
    const quote: Quote = message.length === line.length + 2 + access.delimiters ? bare : stringify;
    let text = timestamp === "" ? '{"message":' : `{"@timestamp":"${timestamp}","message":`;
    text += message;
    text += access.event;
    text += durationSeconds < 0 ? "}" : `,"duration":${round(durationSeconds * 1e9)}}`;
    if (access.client !== "") text += `,"source":${host(access.client, access.clientPort, quote)}`;
    if (access.user !== "") text += `,"user":{"name":${quote(access.user)}}`;
    text += http(access, quote);
    text += url(access, quote);
    if (access.userAgent !== "") text += `,"user_agent":{"original":${quote(access.userAgent)}}`;
    return access.hasRest ? `${text}${rest(access, host)}}` : `${text}}`;
  };
}

/** What few lines have. */
function createRest() {
  const { stringify } = JSON;
  const addressPort = createAddressPort();
  const part = createPart();
  const tlsNames = ["cipher", "version"];
  const version = /\d+(?:\.\d+)?$/;
  const ipVersion = isIP;
  return ({ oddTime, labels, ...access }: Access, host: ReturnType<typeof createHost>): string => {
    let text = "";
    const { address, port } = addressPort(access.destination);
    if (address !== "") text += `,"destination":${host(address, port, stringify)}`;
    if (ipVersion(access.forwarded) !== 0) text += `,"network":{"forwarded_ip":"${access.forwarded}"}`;
    const tls = part(tlsNames, [access.cipher, version.exec(access.tls)?.[0] ?? ""]);
    if (tls !== "") text += `,"tls":${tls}`;
    if (access.own !== "") text += `,${access.own}`;
    if (oddTime !== "" || labels !== null) {
      text += `,"labels":${stringify(oddTime === "" ? labels : { ...labels, time: oddTime })}`;
    }
    if (access.extra.length > 0) text += `,"extra":${stringify(access.extra)}`;
    return text;
  };
}

/** `ip` where the index takes it as one; `address` only where that is not all: a zone, or a host name. */
function createHost() {
  const ipVersion = isIP;
  return (address: string, port: number, quote: Quote): string => {
    const known = ipVersion(address) !== 0;
    let text = `{"ip":"${address}"`;
    if (!known) text = `{"address":${quote(address)}`;
    else if (address.includes("%")) text = `{"ip":"${address.split("%", 1)[0]}","address":${quote(address)}`;
    return port < 0 ? `${text}}` : `${text},"port":${port}}`;
  };
}

function createHttp() {
  return (access: Access, quote: Quote): string => {
    const { version, method, referrer, request, requestBytes, requestId, status, responseBytes } = access;
    let text = version === "" ? "" : `"version":"${version}"`;
    let comma = version === "" ? '"request":{' : ',"request":{';
    const start = comma;
    if (method !== "") {
      text += `${comma}"method":${quote(method)}`;
      comma = ",";
    }
    if (referrer !== "") {
      text += `${comma}"referrer":${quote(referrer)}`;
      comma = ",";
    }
    if (requestBytes >= 0) {
      text += `${comma}"body":{"bytes":${requestBytes}}`;
      comma = ",";
    }
    if (requestId !== "") {
      text += `${comma}"id":${quote(requestId)}`;
      comma = ",";
    }
    if (request !== "" && request !== "-") {
      text += `${comma}"line":${quote(request)}`;
      comma = ",";
    }
    if (comma !== start) text += "}";
    comma = text === "" ? "" : ",";
    const body = responseBytes < 0 ? "" : `"body":{"bytes":${responseBytes}}`;
    if (status >= 0) text += `${comma}"response":{"status_code":${status}${body && ","}${body}}`;
    else if (body !== "") text += `${comma}"response":{${body}}`;
    return text === "" ? "" : `,"http":{${text}}`;
  };
}
