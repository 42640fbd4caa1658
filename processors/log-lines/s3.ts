/**
 * S3 server access logs: `owner bucket [time] client requester request-id operation key "request" status …`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
import { type Access, createBlankAccess, createPart } from "./access";
import { createBelief } from "./belief";
import { createReaders } from "./values";

/** Reads a line; a string tells why it is none. */
export function createS3Format() {
  const blank = createBlankAccess("s3", true);
  const { fieldsOf, text, count, logTime } = createReaders();
  const { isAddress, isStatus, isCount } = createBelief();
  const part = createPart();
  const names = (
    "bucket_owner bucket operation key error_code object_bytes turn_around_ms version_id host_id " +
    "signature_version authentication_type access_point_arn acl_required source_region"
  ).split(" ");
  const known = 27;
  return (line: string): Access | string => {
    const fields = fieldsOf(line, 0);
    if (fields.length < 10) return "fewer than 10 fields in the S3 access log's line";
    const timestamp = logTime(fields[2]!);
    const isOne =
      timestamp !== "" &&
      isAddress(fields[3]!) &&
      isStatus(fields[9]!) &&
      fields.slice(11, 15).every((field) => isCount(field));
    if (!isOne) return "fields that an S3 access log's line cannot have";
    const access = blank(line);
    access.timestamp = timestamp;
    access.client = text(fields[3]);
    access.user = text(fields[4]);
    access.requestId = text(fields[5]);
    access.request = text(fields[8]);
    access.status = count(fields[9]);
    access.responseBytes = count(fields[11]);
    const totalMs = count(fields[13]);
    if (totalMs >= 0) access.durationSeconds = totalMs / 1000;
    access.referrer = text(fields[15]);
    access.userAgent = text(fields[16]);
    access.cipher = text(fields[20]);
    access.domain = text(fields[22]);
    access.tls = text(fields[23]);
    const values = [
      text(fields[0]),
      text(fields[1]),
      text(fields[6]),
      text(fields[7]),
      text(fields[10]),
      count(fields[12]),
      count(fields[14]),
      text(fields[17]),
      text(fields[18]),
      text(fields[19]),
      text(fields[21]),
      text(fields[24]),
      text(fields[25]),
      text(fields[26]),
    ];
    access.own = `"aws":{"s3access":${part(names, values)}}`;
    if (fields.length > known) access.extra = fields.slice(known);
    return access;
  };
}
