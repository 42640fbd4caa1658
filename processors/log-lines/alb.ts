/**
 * Access logs of Application Load Balancers, of all generations, and of Classic Load Balancers, whose lines are
 * the same without the type in front.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
import { type Access, createBlankAccess, createPart } from "./access";
import { createBelief } from "./belief";
import { createReaders, type Readers } from "./values";

/** Reads a line; a string tells why it is none. AWS appends fields: missing ones are absent, further ones `extra`. */
export function createAlbFormat() {
  const blank = createBlankAccess("alb", true);
  const readers = createReaders();
  const { fieldsOf, text, count, seconds, isoTime, addressPort } = readers;
  const aws = createAwsPart(readers);
  const part = createPart();
  const { isHost, isCount, isStatus, isSeconds } = createBelief();
  const names = (
    "type name request_processing_seconds target_processing_seconds response_processing_seconds " +
    "target_status_code target_group_arn trace_id certificate_arn rule_priority request_created actions " +
    "redirect_url error_reason targets target_status_codes classification classification_reason " +
    "connection_trace_id transformed_host transformed_uri transform_status"
  ).split(" ");
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
      isCount(fields[11]!);
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
    access.own = `"aws":{"elb":${part(names, aws(fields, asked, worked, answered))}}`;
    if (fields.length > known) access.extra = fields.slice(known, known + 64);
    return access;
  };
}

/** The values of `names`: times in seconds, status codes as numbers, the others as they are. */
function createAwsPart({ text, count, isoTime }: Readers) {
  return (fields: string[], asked: number, worked: number, answered: number): (string | number)[] => [
    text(fields[0]),
    text(fields[2]),
    asked,
    worked,
    answered,
    count(fields[9]),
    text(fields[16]),
    text(fields[17]),
    text(fields[19]),
    count(fields[20]),
    isoTime(fields[21]),
    text(fields[22]),
    text(fields[23]),
    text(fields[24]),
    text(fields[25]),
    text(fields[26]),
    text(fields[27]),
    text(fields[28]),
    text(fields[29]),
    text(fields[30]),
    text(fields[31]),
    text(fields[32]),
  ];
}
