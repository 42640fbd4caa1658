/** One line of a VPC flow log: values between blanks, whose names the format of the flow log says. */
import { isIP } from "node:net";
import { namesOf } from "../environment";
import type { JsonObject } from "../json/json-object";

/** All fields in AWS's order; each version appends some. */
function flowOrder(): string[] {
  return (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action " +
    "log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type " +
    "sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ecs-cluster-arn " +
    "ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id " +
    "ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason " +
    "resource-id encryption-status"
  ).split(" ");
}

/**
 * Reads a line; a string tells why it is none, null that it is the header of a file. The order of the fields is the
 * one of a header in the same record, else the configured one (VPC_FLOW_FIELDS, a JSON list), else AWS's up to a
 * version's last field. A line is believed only where every value is one that its name can have.
 */
export function createFlowFormat() {
  const configured = namesOf("VPC_FLOW_FIELDS", []).map((name) => name.replace(/_/g, "-"));
  const all = flowOrder();
  // What the versions 2, 3, 4, 5, 7, 8, 9 and 10 end with.
  const ends = [14, 21, 25, 29, 39, 40, 41, 42];
  const believes = createFlowBelief();
  const document = createFlowDocument();
  const header = /^[a-z][a-z-]+(?: [a-z][a-z-]+)+$/;
  const lineEnd = /\r?\n/;
  const usualOrder = (count: number): readonly string[] | null =>
    ends.includes(count) ? all.slice(0, count) : null;
  return (text: string): JsonObject | string | null => {
    const lines = text.split(lineEnd, 4).filter((line) => line !== "");
    const first = lines[0] ?? "";
    const isHeader = first.includes("srcaddr") && header.test(first);
    if (isHeader && lines.length === 1) return null;
    if (lines.length !== (isHeader ? 2 : 1)) return "more than one line, or none";
    const line = lines[lines.length - 1]!.trim();
    const values = line.split(" ");
    let names: readonly string[] | null = usualOrder(values.length);
    if (isHeader) names = first.split(" ");
    else if (configured.length > 0) names = configured;
    if (names === null || names.length !== values.length)
      return "a number of fields that vpcFlowFields has to tell";
    return believes(names, values)
      ? document(line, names, values)
      : "fields that a VPC flow log's line cannot have";
  };
}

function createFlowBelief() {
  const shapes: Record<string, RegExp> = Object.create(null);
  const lists: [RegExp, string][] = [
    [/^\d{1,15}$/, "version srcport dstport protocol packets bytes tcp-flags traffic-path"],
    [/^\d{10}$/, "start end"],
    [/^(?:\d{12}|unknown)$/, "account-id"],
    [/^eni-/, "interface-id"],
    [/^(?:ACCEPT|REJECT)$/, "action"],
    [/^(?:OK|NODATA|SKIPDATA)$/, "log-status"],
    [/^(?:ingress|egress)$/, "flow-direction"],
    [/^vpc-/, "vpc-id"],
    [/^subnet-/, "subnet-id"],
  ];
  for (const [shape, names] of lists) for (const name of names.split(" ")) shapes[name] = shape;
  const isAddress = /addr$/;
  const ipVersion = isIP;
  return (names: readonly string[], values: readonly string[]): boolean => {
    let count = 0;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const value = values[i]!;
      if (value === "") return false;
      if (value === "-") continue;
      if (isAddress.test(name)) {
        if (ipVersion(value) === 0) return false;
      } else if (shapes[name]?.test(value) === false) return false;
      if (shapes[name]) count++;
    }
    // A line of dashes, or of names that nobody knows, is no flow.
    return count > 0;
  };
}

/** Where a name's value goes; a name that is not here goes below `aws.vpcflow`. */
function createFlowDocument() {
  const { create } = Object;
  const places: Record<string, string> = create(null);
  const list =
    "account-id:cloud.account.id region:cloud.region instance-id:cloud.instance.id srcaddr:source.ip " +
    "dstaddr:destination.ip srcport:source.port dstport:destination.port packets:network.packets bytes:network.bytes " +
    "flow-direction:network.direction protocol:network.iana_number";
  for (const pair of list.split(" ")) {
    const [name, place] = pair.split(":");
    places[name!] = place!;
  }
  const transports: Record<string, string> = {
    1: "icmp",
    6: "tcp",
    17: "udp",
    47: "gre",
    50: "esp",
    58: "ipv6-icmp",
  };
  const isNumber = /^(?:version|srcport|dstport|packets|bytes|tcp-flags|traffic-path)$/;
  const OfMs = Date;
  const set = (document: JsonObject, path: string, value: unknown): void => {
    const parts = path.split(".");
    let level = document;
    for (let i = 0; i < parts.length - 1; i++) {
      level[parts[i]!] = level[parts[i]!] ?? {};
      level = level[parts[i]!] as JsonObject;
    }
    level[parts[parts.length - 1]!] = value;
  };
  const time = (seconds: string): string => new OfMs(+seconds * 1000).toISOString();
  return (line: string, names: readonly string[], values: readonly string[]): JsonObject => {
    const document: JsonObject = { "@timestamp": "", message: line, event: { dataset: "vpc-flow" } };
    const found: Record<string, string> = create(null);
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const value = values[i]!;
      if (value === "-") continue;
      found[name] = value;
      if (name === "action") set(document, "event.action", value.toLowerCase());
      else if (name === "type") set(document, "network.type", value.toLowerCase());
      else if (name === "start" || name === "end") set(document, `event.${name}`, time(value));
      else {
        const place = places[name] ?? `aws.vpcflow.${name.replace(/\W/g, "_")}`;
        set(document, place, isNumber.test(name) ? +value : value);
      }
    }
    const { start, end, protocol, srcaddr } = found;
    const transport = transports[protocol ?? ""];
    if (transport) set(document, "network.transport", transport);
    if (srcaddr && !found["type"]) set(document, "network.type", srcaddr.includes(":") ? "ipv6" : "ipv4");
    if (start && end && +end >= +start) set(document, "event.duration", (+end - +start) * 1e9);
    const happened = start ?? end;
    if (happened) document["@timestamp"] = time(happened);
    else delete document["@timestamp"];
    return document;
  };
}
