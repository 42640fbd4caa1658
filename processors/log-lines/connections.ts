/**
 * Load balancers' logs of connections: TLS listeners of Network Load Balancers, and connection logs of Application
 * Load Balancers.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
 */
import { type Access, createBlankAccess, createPart } from "./access";
import { createBelief } from "./belief";
import { createReaders } from "./values";

/**
 * `tls 2.0 time elb listener client:port target:port connection-ms handshake-ms received sent alert …`; a string
 * tells why it is none.
 */
export function createNlbFormat() {
  const blank = createBlankAccess("nlb", true);
  const { fieldsOf, text, count, isoTime, addressPort } = createReaders();
  const { isHost, isCount } = createBelief();
  const part = createPart();
  const names = (
    "type name listener_id received_bytes sent_bytes incoming_tls_alert certificate_arn certificate_serial " +
    "tls_named_group alpn_client_protocol alpn_target_protocol alpn_client_preferences connection_created " +
    "tls_handshake_seconds"
  ).split(" ");
  const version = /^tlsv(\d)(\d)$/;
  const known = 22;
  // The times have no zone; AWS writes UTC.
  const time = (value: string | undefined): string => (value ? isoTime(value) || isoTime(`${value}Z`) : "");
  return (line: string): Access | string => {
    const fields = fieldsOf(line, 0);
    if (fields.length < 16) return "fewer than 16 fields in the network load balancer's line";
    const timestamp = time(fields[2]);
    const isOne =
      timestamp !== "" &&
      isHost(fields[5]!) &&
      isHost(fields[6]!) &&
      isCount(fields[7]!) &&
      isCount(fields[8]!) &&
      isCount(fields[9]!) &&
      isCount(fields[10]!);
    if (!isOne) return "fields that a network load balancer's line cannot have";
    const access = blank(line);
    const client = addressPort(fields[5]);
    access.timestamp = timestamp;
    access.client = client.address;
    access.clientPort = client.port;
    access.destination = text(fields[6]);
    const totalMs = count(fields[7]);
    if (totalMs >= 0) access.durationSeconds = totalMs / 1000;
    access.cipher = text(fields[14]);
    access.tls = text(fields[15]).replace(version, "TLSv$1.$2");
    access.domain = text(fields[17]);
    const handshakeMs = count(fields[8]);
    const values = [
      text(fields[0]),
      text(fields[3]),
      text(fields[4]),
      count(fields[9]),
      count(fields[10]),
      text(fields[11]),
      text(fields[12]),
      text(fields[13]),
      text(fields[16]),
      text(fields[18]),
      text(fields[19]),
      text(fields[20]).replace(/"/g, ""),
      time(fields[21]),
      handshakeMs < 0 ? -1 : handshakeMs / 1000,
    ];
    access.own = `"aws":{"elb":${part(names, values)}}`;
    if (fields.length > known) access.extra = fields.slice(known);
    return access;
  };
}

/**
 * `time client port listener-port protocol cipher handshake-seconds "subject" NotBefore=…;NotAfter=… serial verified
 * trace-id key-exchange`; a string tells why it is none.
 */
export function createConnectionFormat() {
  const blank = createBlankAccess("alb-connection", true);
  const { fieldsOf, text, count, seconds, isoTime } = createReaders();
  const { isAddress, isCount, isSeconds } = createBelief();
  const part = createPart();
  const names = (
    "listener_port tls_handshake_seconds client_certificate_subject client_certificate_not_before " +
    "client_certificate_not_after client_certificate_serial tls_verify_status connection_trace_id tls_key_exchange"
  ).split(" ");
  const validity = /^(?:NotBefore=([^;]*))?;?(?:NotAfter=(.*))?$/;
  const known = 13;
  return (line: string): Access | string => {
    const fields = fieldsOf(line, 0);
    if (fields.length < 11) return "fewer than 11 fields in the connection log's line";
    const timestamp = isoTime(fields[0]);
    const isOne =
      timestamp !== "" &&
      fields[1] !== "-" &&
      isAddress(fields[1]!) &&
      isCount(fields[2]!) &&
      isCount(fields[3]!) &&
      isSeconds(fields[6]!);
    if (!isOne) return "fields that a connection log's line cannot have";
    const access = blank(line);
    access.timestamp = timestamp;
    access.client = text(fields[1]);
    access.clientPort = count(fields[2]);
    access.tls = text(fields[4]);
    access.cipher = text(fields[5]);
    const dates = validity.exec(fields[8]!);
    const values = [
      count(fields[3]),
      seconds(fields[6]),
      text(fields[7]),
      isoTime(dates?.[1]),
      isoTime(dates?.[2]),
      text(fields[9]),
      text(fields[10]),
      text(fields[11]),
      text(fields[12]),
    ];
    access.own = `"aws":{"elb":${part(names, values)}}`;
    if (fields.length > known) access.extra = fields.slice(known);
    return access;
  };
}
