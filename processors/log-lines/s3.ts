/**
 * S3 server access logs: `owner bucket [time] client requester request-id operation key "request" status …`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
import { type Access, createBlankAccess } from "./access";
import { createBelief } from "./belief";
import { createOwnPart } from "./own-part";
import { createReaders } from "./values";

/** Reads a line; a string tells why it is none. */
export function createS3Format() {
  const blank = createBlankAccess("s3", true);
  const readers = createReaders();
  const { fieldsOf, text, count, logTime } = readers;
  const { isAddress, isStatus, isCount, isTls } = createBelief();
  const own = createOwnPart(
    readers,
    "bucket_owner:0 bucket:1 operation:6 key:7 error_code:10 object_bytes:12n turn_around_ms:14n version_id:17 " +
      "host_id:18 signature_version:19 authentication_type:21 access_point_arn:24 acl_required:25 source_region:26",
  );
  const known = 27;
  return (line: string): Access | string => {
    const fields = fieldsOf(line, 0);
    if (fields.length < 10) return "fewer than 10 fields in the S3 access log's line";
    const timestamp = logTime(fields[2]!);
    const isOne =
      timestamp !== "" &&
      isAddress(fields[3]!) &&
      isStatus(fields[9]!) &&
      fields.slice(11, 15).every((field) => isCount(field)) &&
      isTls(fields[20], fields[23]);
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
    access.own = `"aws":{"s3access":${own(fields)}}`;
    if (fields.length > known) access.extra = fields.slice(known);
    return access;
  };
}
