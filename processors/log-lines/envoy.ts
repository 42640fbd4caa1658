/**
 * Envoy's default access log, and Istio's, which puts details of the answer in front of the counts and addresses
 * behind the upstream host.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 * @see https://istio.io/latest/docs/tasks/observability/logs/access-log/
 */
import { type Access, createBlankAccess } from "./access";
import { createOwnPart } from "./own-part";
import { createReaders } from "./values";

/** Reads a line; a string tells why it is none. */
export function createEnvoyFormat() {
  const blank = createBlankAccess("envoy", true);
  const readers = createReaders();
  const { fieldsOf, text, count, isoTime, addressPort } = readers;
  const own = createOwnPart(
    readers,
    "response_flags:0 response_code_details:1 connection_termination_details:2 " +
      "upstream_transport_failure_reason:3 upstream_service_seconds:4m upstream_cluster:5 " +
      "upstream_local_address:6 downstream_local_address:7 requested_server_name:9 route_name:10",
  );
  const status = /^\d{1,3}$/;
  const maxShift = 3;
  /** How many fields stand in front of the bytes received and sent: none, or one to three of Istio's. */
  const shiftOf = (fields: readonly string[]): number => {
    for (let shift = 0; shift <= maxShift; shift++) {
      const isOne = count(fields[4 + shift]) >= 0 && count(fields[5 + shift]) >= 0;
      if (isOne && (fields[6 + shift] === "-" || count(fields[6 + shift]) >= 0)) return shift;
    }
    return -1;
  };
  return (line: string): Access | string => {
    const fields = fieldsOf(line, 0);
    const timestamp = isoTime(fields[0]);
    const shift = shiftOf(fields);
    if (timestamp === "" || shift < 0 || !status.test(fields[2]!) || fields.length < 13 + shift)
      return "fields that Envoy's line cannot have";
    const access = blank(line);
    const [received, sent, duration, service, forwarded, agent, id, authority, upstream, ...rest] =
      fields.slice(4 + shift);
    access.timestamp = timestamp;
    access.request = text(fields[1]);
    // 0 where the connection ended before an answer, or was no HTTP.
    const code = count(fields[2]);
    if (code >= 100) access.status = code;
    access.requestBytes = count(received);
    access.responseBytes = count(sent);
    const totalMs = count(duration);
    if (totalMs >= 0) access.durationSeconds = totalMs / 1000;
    access.forwarded = text(forwarded).split(",", 1)[0]!.trim();
    access.userAgent = text(agent);
    access.requestId = text(id);
    access.domain = addressPort(authority).address;
    access.destination = text(upstream);
    // Istio's: cluster, upstream local, downstream local, downstream remote, server name, route.
    const remote = addressPort(rest[3]);
    access.client = remote.address;
    access.clientPort = remote.port;
    const isNew = shift === maxShift;
    const details = isNew ? fields.slice(4, 6) : ["", ""];
    const part = own([fields[3], ...details, shift > 0 ? fields[3 + shift] : "", service, ...rest]);
    if (part !== "{}") access.own = `"envoy":${part}`;
    access.extra = rest.slice(6);
    return access;
  };
}
