/** What is behind the count of bytes in the web servers' formats. */
import { isIP } from "node:net";
import { type Access, createPart } from "./access";
import type { Readers } from "./values";

/**
 * Referrer, user agent, then fields that the format leaves to the user. Taken from those are nginx's
 * `$http_x_forwarded_for` and `$request_time` (the first with a decimal point, or `rt=`), its times of the upstream
 * (`uct=`, `uht=`, `urt=`) and API Gateway's request id; other `name=value` become labels, the rest stays in `extra`.
 */
export function createRest({ fieldsOf, text }: Readers) {
  const ipVersion = isIP;
  const decimal = /^\d{1,7}\.\d{1,9}$/;
  const number = /^[\d.]*$/;
  const pair = /^([A-Za-z_][\w.-]{0,31})=/;
  const readPairs = createPairs();
  const others = (access: Access, fields: readonly string[], from: number): void => {
    const pairs: string[] = [];
    for (let at = from; at < fields.length; at++) {
      const field = fields[at]!;
      const address = at === 2 ? field.split(",", 1)[0]! : "";
      if (address !== "" && ipVersion(address) !== 0) access.forwarded = address;
      else if (access.durationSeconds < 0 && decimal.test(field)) access.durationSeconds = +field;
      else if (pair.test(field)) pairs.push(field);
      else if (field !== "-") {
        if (access.extra.length === 0) access.extra = [];
        access.extra.push(field);
      }
    }
    if (pairs.length > 0) readPairs(access, pairs);
  };
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
    } else if (fields.length === 1 && !number.test(fields[0]!) && !pair.test(fields[0]!)) {
      access.requestId = text(fields[0]);
      return;
    }
    access.hasRest = at < fields.length || access.hasRest;
    others(access, fields, at);
  };
}

/** Fields with a name in front: `rt=0.005 uct="0.001" upstream="web"`. */
function createPairs() {
  const shape = /^([^=]*)=(?:"([^]*)"|([^]*))$/;
  const seconds = /^\d{1,7}(?:\.\d{1,9})?$/;
  const total = /^(?:rt|request_time)$/;
  const times: Record<string, number> = Object.create(null);
  const lists = ["uct upstream_connect_time", "uht upstream_header_time", "urt upstream_response_time"];
  lists.forEach((names, at) => {
    for (const name of names.split(" ")) times[name] = at;
  });
  const part = createPart();
  const names = ["connect_seconds", "header_seconds", "response_seconds"];
  return (access: Access, pairs: readonly string[]): void => {
    const upstream = [-1, -1, -1];
    let labels = access.labels;
    for (const pair of pairs) {
      const [, name = "", quoted, bare = ""] = shape.exec(pair) ?? [];
      const value = quoted ?? bare;
      const at = times[name] ?? -1;
      if (value === "" || value === "-") continue;
      if (total.test(name) && access.durationSeconds < 0 && seconds.test(value))
        access.durationSeconds = +value;
      else if (at >= 0 && seconds.test(value)) upstream[at] = +value;
      else {
        labels = labels ?? {};
        labels[name.replace(/[.-]/g, "_")] = value;
      }
    }
    access.labels = labels;
    const own = part(names, upstream);
    if (own !== "") access.own = `"upstream":${own}`;
  };
}
