/** What any access log tells about one request, before it becomes a document. */

/**
 * `""` and `-1` stand for "no value" throughout: in the serialized closure the name `undefined` is looked up
 * through `with` at each use, which cost half of the time.
 */
export interface Access {
  /** The line as it came. */
  line: string;
  /** Quotes of the line that only delimit its fields; -1 where nobody has counted them. */
  delimiters: number;
  /** Start of the field `event`, with the format that was recognised. */
  event: string;
  /** When the log dates the request, ISO 8601 in UTC with milliseconds. */
  timestamp: string;
  /** Client: an IP address, perhaps with a zone (`fe80::1%eth0`), or a host name. */
  client: string;
  clientPort: number;
  user: string;
  /** The request line, `GET /a?b HTTP/1.1`. */
  request: string;
  /** Set where the log has them one by one; otherwise they are taken from `request`. */
  method: string;
  target: string;
  version: string;
  referrer: string;
  userAgent: string;
  status: number;
  /** Bytes sent to the client. */
  responseBytes: number;
  /** Bytes received from the client. */
  requestBytes: number;
  durationSeconds: number;
  requestId: string;
  scheme: string;
  domain: string;
  /** Whether one of the fields below may have a value. */
  hasRest: boolean;
  /** The time as the log has it where no calendar has it. */
  oddTime: string;
  /** The first address of X-Forwarded-For. */
  forwarded: string;
  cipher: string;
  /** `TLSv1.3`. */
  tls: string;
  /** `10.0.0.9:80`, the server that answered. */
  destination: string;
  /** What only this service has: a field and its object as JSON, `"aws":{"elb":{…}}`. */
  own: string;
  /** Fields that have no name, in their order. */
  extra: string[];
  /** Fields that have a name but no place here. */
  labels: Record<string, string> | null;
}

/**
 * Every field is there from the start, so that all of them have one hidden class.
 * @param dataset what the field `event.dataset` says of the format
 */
export function createBlankAccess(dataset: string, hasRest: boolean) {
  const event = `,"event":{"dataset":"${dataset}"`;
  const none: string[] = [];
  return (line: string): Access => ({
    line,
    delimiters: -1,
    event,
    timestamp: "",
    client: "",
    clientPort: -1,
    user: "",
    request: "",
    method: "",
    target: "",
    version: "",
    referrer: "",
    userAgent: "",
    status: -1,
    responseBytes: -1,
    requestBytes: -1,
    durationSeconds: -1,
    requestId: "",
    scheme: "",
    domain: "",
    hasRest,
    oddTime: "",
    forwarded: "",
    cipher: "",
    tls: "",
    destination: "",
    own: "",
    extra: none,
    labels: null,
  });
}

/** Writes a value as JSON text. */
export type Quote = (value: string) => string;

/** `{"a":"x","n":1}` from names and values, without those that are "no value". */
export function createPart() {
  const { stringify } = JSON;
  return (names: readonly string[], values: readonly (string | number)[]): string => {
    let text = "";
    for (let i = 0; i < names.length; i++) {
      const value = values[i]!;
      if (value !== "" && value !== -1) text += `,"${names[i]}":${stringify(value)}`;
    }
    return text === "" ? "" : `{${text.slice(1)}}`;
  };
}
