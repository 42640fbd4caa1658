/**
 * The output `kinesis_firehose` of Fluent Bit 5.1.1, by its source: plugins/out_kinesis_firehose/firehose_api.c and
 * firehose.h, src/aws/flb_aws_util.c, src/aws/flb_aws_aggregation.c of fluent/fluent-bit. Not done here: TLS, which the
 * output always speaks, and the pauses.
 */
import { gzipSync } from "node:zlib";
import { batched, type Ending, type Endpoint, put, target } from "./call";

export interface FluentBitSettings {
  /** `Retry_Limit`: tries of a chunk after the first. @default 1 */
  readonly retryLimit?: number;
  /** `log_key`: the value of this key alone, as JSON text without its quotes. @default the whole record */
  readonly logKey?: string;
  /** `simple_aggregation`: all lines of a chunk in as few records as go. @default false */
  readonly isAggregated?: boolean;
  /** `compression gzip`. @default false */
  readonly isPacked?: boolean;
}

const maxRecordBytes = 1_024_000;
const maxPayloadBytes = 4_194_304;
const payloadRoom = 42 + 4;
const recordRoom = 12;

export class FluentBit {
  constructor(
    private readonly endpoint: Endpoint,
    private readonly stream: string,
    private readonly settings: FluentBitSettings = {},
  ) {}

  /** One chunk: all of it again where any of it was not taken, as often as Retry_Limit says. */
  async send(chunk: readonly Readonly<Record<string, unknown>>[]): Promise<Ending> {
    const { retryLimit = 1 } = this.settings;
    for (let tries = 0; tries <= retryLimit; tries++) if (await this.flush(chunk)) return "delivered";
    return "dropped";
  }

  private async flush(chunk: readonly Readonly<Record<string, unknown>>[]): Promise<boolean> {
    const room = maxPayloadBytes - payloadRoom - this.stream.length;
    for (const batch of batched(this.records(chunk), room, (data) => data.length + recordRoom))
      if (!(await this.putRecordBatch(batch))) return false;
    return true;
  }

  private records(chunk: readonly Readonly<Record<string, unknown>>[]): string[] {
    const { logKey, isAggregated, isPacked } = this.settings;
    const lines = chunk
      .map((event) =>
        logKey === undefined ? JSON.stringify(event) : JSON.stringify(event[logKey]).slice(1, -1),
      )
      .filter((text) => text.length > 2)
      .map((text) => Buffer.from(`${text}\n`))
      .filter((line) => line.length < maxRecordBytes);
    const records = isAggregated ? joined(lines) : lines;
    return records.map((record) => (isPacked ? gzipSync(record) : record).toString("base64"));
  }

  private async putRecordBatch(data: readonly string[]): Promise<boolean> {
    const headers = {
      "User-Agent": "aws-fluent-bit-plugin",
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": target("PutRecordBatch"),
    };
    const body = put(this.stream, data);
    let answer = await this.endpoint.call(headers, body);
    // `auto_retry_requests`: once more at once where the network failed.
    if (answer === "lost") answer = await this.endpoint.call(headers, body);
    if (answer === "lost" || answer.status !== 200) return false;
    // FIRST by this very text, without parsing; THEN as JSON.
    if (answer.body === "" || answer.body.includes('"FailedPutCount":0')) return true;
    return JSON.parse(answer.body).FailedPutCount === 0;
  }
}

/** A line feed behind each line, and one more behind the last, where there is room. */
function joined(lines: readonly Buffer[]): Buffer[] {
  const records: Buffer[][] = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += line.length;
    if (records.length === 0 || bytes > maxRecordBytes) {
      records.push([line]);
      bytes = line.length;
    } else records.at(-1)!.push(line);
  }
  return records.map((parts) => Buffer.concat([...parts, Buffer.from("\n")]));
}
