/**
 * Load balancers' logs of connections: TLS listeners of Network Load Balancers, and connection logs of Application
 * Load Balancers.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
 */
import { type Access, createBlankAccess } from "./access";
import { createBelief } from "./belief";
import { createOwnPart } from "./own-part";
import { createReaders } from "./values";

/**
 * `tls 2.0 time elb listener client:port target:port connection-ms handshake-ms received sent alert …`; a string
 * tells why it is none.
 */
export function createNlbFormat() {
  const blank = createBlankAccess("nlb", true);
  const readers = createReaders();
  const { fieldsOf, text, count, isoTime, addressPort } = readers;
  const { isHost, isCount, isTls } = createBelief();
  const own = createOwnPart(
    readers,
    "type:0 name:3 listener_id:4 received_bytes:9n sent_bytes:10n incoming_tls_alert:11 certificate_arn:12 " +
      "certificate_serial:13 tls_named_group:16 alpn_client_protocol:18 alpn_target_protocol:19 " +
      "alpn_client_preferences:20 connection_created:21t tls_handshake_seconds:8m",
  );
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
      isCount(fields[10]!) &&
      isTls(fields[14], fields[15]);
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
    fields[20] = text(fields[20]).replace(/"/g, "");
    fields[21] = time(fields[21]);
    access.own = `"aws":{"elb":${own(fields)}}`;
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
  const readers = createReaders();
  const { fieldsOf, text, count, isoTime } = readers;
  const { isAddress, isCount, isSeconds } = createBelief();
  const own = createOwnPart(
    readers,
    "listener_port:3n tls_handshake_seconds:6s client_certificate_subject:7 client_certificate_not_before:100t " +
      "client_certificate_not_after:101t client_certificate_serial:9 tls_verify_status:10 " +
      "connection_trace_id:11 tls_key_exchange:12",
  );
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
    access.extra = fields.slice(known);
    const dates = validity.exec(fields[8]!);
    // Behind all that a line can have.
    fields[100] = dates?.[1] ?? "";
    fields[101] = dates?.[2] ?? "";
    access.own = `"aws":{"elb":${own(fields)}}`;
    return access;
  };
}
