/**
 * Access logs whose fields have names: JSON lines of API Gateway, nginx, CloudFront and S3, and CloudFront's TAB
 * lines. The names are the ones of these services' own pages; further ones are kept in `labels`.
 */
import { type Access, createBlankAccess, createPart } from "./access";
import { createDecodeTwice } from "./cloudfront";
import { createReaders, type Readers } from "./values";

/** Where a name's value goes. From `edge_location` on they are fields of `aws.cloudfront`. */
function createPlaces(): Record<string, string> {
  const places: Record<string, string> = Object.create(null);
  const lists = {
    client: "ip sourceip source_ip remote_addr remoteip remote_ip c-ip clientip client_ip clienthost",
    clientPort: "c-port remote_port client_port",
    server: "s-ip upstream_host",
    user: "user remote_user caller requester",
    request: "request request_uri_line",
    method: "httpmethod request_method requestmethod method cs-method",
    target: "path requestpath resourcepath request_uri uri cs-uri-stem",
    query: "cs-uri-query query_string args",
    version: "protocol proto server_protocol requestprotocol cs-protocol-version",
    referrer: "http_referer referer referrer cs(referer) cs-referer",
    userAgent: "useragent user_agent http_user_agent agent request_user-agent cs(user-agent) cs-user-agent",
    status: "status sc-status http_status response_code downstreamstatus",
    responseBytes: "responselength body_bytes_sent bytes_sent bytes sc-bytes downstreamcontentsize",
    requestBytes: "request_length bytes_received requestcontentsize cs-bytes",
    seconds: "request_time time-taken",
    ms: "responselatency responselatencyms total_time",
    requestId: "requestid request_id extendedrequestid x-edge-request-id",
    scheme: "scheme requestscheme cs-protocol",
    domain: "domainname host http_host server_name x-host-header host_header authority requesthost",
    forwarded: "x-forwarded-for x_forwarded_for http_x_forwarded_for",
    cipher: "ssl_cipher ssl-cipher cipher_suite",
    tls: "ssl_protocol ssl-protocol tls_version",
    time: "requesttime time_local time_iso8601 @timestamp timestamp request_time_iso start_time startutc",
    date: "date",
    clock: "time",
    epoch: "requesttimeepoch msec timestamp(ms)",
    edge_location: "x-edge-location",
    host: "cs(host) cs-host",
    cookie: "cs(cookie) cs-cookie",
    result_type: "x-edge-result-type",
    response_result_type: "x-edge-response-result-type",
    detailed_result_type: "x-edge-detailed-result-type",
    fle_status: "fle-status",
    fle_encrypted_fields: "fle-encrypted-fields",
    first_byte: "time-to-first-byte",
    content_type: "sc-content-type",
    content_bytes: "sc-content-len",
    range_start: "sc-range-start",
    range_end: "sc-range-end",
    country: "c-country",
    ip_version: "c-ip-version",
    distribution_id: "distributionid primary-distribution-id",
    cache_behavior: "cache-behavior-path-pattern",
    origin_first_byte: "origin-fbl",
    origin_last_byte: "origin-lbl",
    asn: "asn",
  };
  for (const [place, names] of Object.entries(lists))
    for (const name of names.split(" ")) places[name] = place;
  return places;
}

/** Fills an access from named values; a string where they are no request. */
export function createNamed() {
  const { create, keys } = Object;
  const places = createPlaces();
  const blank = createBlankAccess("json", true);
  const blankCloudfront = createBlankAccess("cloudfront", true);
  const readers = createReaders();
  const { text } = readers;
  const fits = createFits();
  const copy = createCopy(readers);
  const cloudfront = createCloudfrontPart(readers);
  const { stringify } = JSON;
  return (line: string, isCloudfront: boolean, values: Record<string, unknown>): Access | string => {
    const access = isCloudfront ? blankCloudfront(line) : blank(line);
    const found: Found = create(null);
    let labels: Record<string, string> | null = null;
    let count = 0;
    for (const name of keys(values)) {
      const value = values[name];
      const known = text(typeof value === "string" ? value : value === null ? "" : stringify(value));
      if (known === "") continue;
      // An object or a list is none of the values that have a place.
      const place = typeof value === "object" ? "" : places[name.toLowerCase()];
      if (place && !found[place] && fits(place, known)) found[place] = known;
      // An index takes no empty name and none with dots at its edges; a log with a thousand names is not one.
      else if (count < 64) {
        count++;
        labels = labels ?? {};
        labels[name.replace(/[.\s]+/g, "_") || "_"] = known;
      }
    }
    if (!found["client"] && !found["status"] && !found["request"] && !found["method"])
      return "none of the fields of an access log";
    access.labels = labels;
    copy(access, found);
    if (isCloudfront) cloudfront(access, found);
    return access;
  };
}

/** Whether a value can be one of its place; `"status":"unknown"` is kept as a label. */
function createFits() {
  const shapes: Record<string, RegExp> = Object.create(null);
  const lists: [RegExp, string][] = [
    [/^\d{3}$/, "status"],
    [/^\d{1,15}$/, "responseBytes requestBytes clientPort ms content_bytes range_start range_end asn"],
    [/^-?\d{1,9}(?:\.\d{1,9})?$/, "seconds first_byte origin_first_byte origin_last_byte"],
  ];
  for (const [shape, names] of lists) for (const name of names.split(" ")) shapes[name] = shape;
  return (place: string, value: string): boolean => shapes[place]?.test(value) !== false;
}

type Found = Record<string, string | undefined>;

/** Turns the texts into the types of the fields. */
function createCopy(readers: Readers) {
  const { count, seconds, addressPort } = readers;
  const time = createTime(readers);
  const or = (value: string | undefined): string => value || "";
  return (access: Access, found: Found): void => {
    time(access, found);
    access.client = or(found["client"]);
    access.clientPort = count(found["clientPort"]);
    access.destination = or(found["server"]);
    access.user = or(found["user"]);
    access.request = or(found["request"]);
    access.method = or(found["method"]);
    access.target = or(found["target"]);
    if (found["query"] && access.target !== "") access.target += `?${found["query"]}`;
    access.version = or(found["version"]).replace("HTTP/", "");
    access.referrer = or(found["referrer"]);
    access.userAgent = or(found["userAgent"]);
    const status = count(found["status"]);
    // CloudFront writes 000 for a client that left before the answer.
    if (status >= 100 && status <= 999) access.status = status;
    access.responseBytes = count(found["responseBytes"]);
    access.requestBytes = count(found["requestBytes"]);
    const ms = count(found["ms"]);
    access.durationSeconds = ms < 0 ? seconds(found["seconds"]) : ms / 1000;
    access.requestId = or(found["requestId"]);
    access.scheme = or(found["scheme"]);
    access.domain = addressPort(found["domain"]).address;
    access.forwarded = or(found["forwarded"]).split(",", 1)[0]!.trim();
    access.cipher = or(found["cipher"]);
    access.tls = or(found["tls"]);
  };
}

/** What is only CloudFront's: `aws.cloudfront`, and its encoding of user agents. */
function createCloudfrontPart({ count, seconds }: Readers) {
  const part = createPart();
  const decodeTwice = createDecodeTwice();
  const texts = (
    "edge_location host cookie result_type response_result_type detailed_result_type fle_status " +
    "fle_encrypted_fields content_type country ip_version distribution_id cache_behavior"
  ).split(" ");
  const names = texts.concat(
    ...["time_to_first_byte_seconds", "content_bytes", "range_start", "range_end"],
    ...["origin_first_byte_seconds", "origin_last_byte_seconds", "asn"],
  );
  return (access: Access, found: Found): void => {
    access.userAgent = decodeTwice(access.userAgent);
    const values: (string | number)[] = texts.map((name) => found[name] || "");
    values.push(seconds(found["first_byte"]), count(found["content_bytes"]));
    values.push(count(found["range_start"]), count(found["range_end"]));
    values.push(seconds(found["origin_first_byte"]), seconds(found["origin_last_byte"]), count(found["asn"]));
    access.own = `"aws":{"cloudfront":${part(names, values) || "{}"}}`;
  };
}

/** The time from `date` and `time`, from one text, or from seconds or milliseconds since 1970. */
function createTime({ logTime, isoTime, epochTime }: Readers) {
  return (access: Access, { date, clock, time, epoch }: Found): void => {
    const written = date && clock ? `${date}T${clock}Z` : time || clock || "";
    access.timestamp = isoTime(written) || logTime(written);
    if (access.timestamp !== "") return;
    access.timestamp = epochTime(epoch || written);
    if (access.timestamp === "") access.oddTime = written;
  };
}
