/**
 * Access logs of Application Load Balancers, of all generations, and of Classic Load Balancers, whose lines are
 * the same without the type in front.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
import { type Access, createBlankAccess } from "./access";
import { createBelief } from "./belief";
import { createOwnPart } from "./own-part";
import { createReaders } from "./values";

/** Reads a line; a string tells why it is none. AWS appends fields: missing ones are absent, further ones `extra`. */
export function createAlbFormat() {
  const blank = createBlankAccess("alb", true);
  const readers = createReaders();
  const { fieldsOf, text, count, seconds, isoTime, addressPort } = readers;
  const own = createOwnPart(
    readers,
    "type:0 name:2 request_processing_seconds:5s target_processing_seconds:6s response_processing_seconds:7s " +
      "target_status_code:9n target_group_arn:16 trace_id:17 certificate_arn:19 rule_priority:20n request_created:21t " +
      "actions:22 redirect_url:23 error_reason:24 targets:25 target_status_codes:26 classification:27 " +
      "classification_reason:28 connection_trace_id:29 transformed_host:30 transformed_uri:31 transform_status:32",
  );
  const { isHost, isCount, isStatus, isSeconds, isTls } = createBelief();
  const known = 33;
  return (line: string, hasType: boolean): Access | string => {
    const fields = fieldsOf(line, 0);
    if (!hasType) fields.unshift("");
    if (fields.length < 13) return "fewer than 12 fields in the load balancer's line";
    const timestamp = isoTime(fields[1]);
    // A line of another log has as many fields, and one of them a time.
    const isOne =
      timestamp !== "" &&
      isHost(fields[3]!) &&
      isHost(fields[4]!) &&
      isSeconds(fields[5]!) &&
      isSeconds(fields[6]!) &&
      isSeconds(fields[7]!) &&
      isStatus(fields[8]!) &&
      isCount(fields[10]!) &&
      isCount(fields[11]!) &&
      isTls(fields[14], fields[15]);
    if (!isOne) return "fields that a load balancer's line cannot have";
    const access = blank(line);
    access.timestamp = timestamp;
    const client = addressPort(fields[3]);
    access.client = client.address;
    access.clientPort = client.port;
    access.destination = text(fields[4]);
    access.status = count(fields[8]);
    access.requestBytes = count(fields[10]);
    access.responseBytes = count(fields[11]);
    access.request = text(fields[12]);
    access.userAgent = text(fields[13]);
    access.cipher = text(fields[14]);
    access.tls = text(fields[15]);
    access.domain = text(fields[18]);
    const asked = seconds(fields[5]);
    const worked = seconds(fields[6]);
    const answered = seconds(fields[7]);
    if (asked >= 0 && worked >= 0 && answered >= 0) access.durationSeconds = asked + worked + answered;
    access.own = `"aws":{"elb":${own(fields)}}`;
    if (fields.length > known) access.extra = fields.slice(known, known + 64);
    return access;
  };
}
