/**
 * The sink `aws_kinesis_firehose` of Vector 0.58.0, by its source: src/sinks/aws_kinesis (firehose/config.rs and record.rs,
 * service.rs, request_builder.rs) and src/aws/mod.rs of vectordotdev/vector. It calls with the SDK for Rust, whose own
 * retries it switches off. Not done here: the pauses, and more than `maxTries` tries, of which it has no limit.
 */
import { gzipSync } from "node:zlib";
import { batched, type CallAnswer, type Called, type Ending, type Endpoint, put, target } from "./call";

export interface VectorSettings {
  /** `request_retry_partial`. @default false: what was not taken of a call counts as delivered */
  readonly retriesPartial?: boolean;
  /** `compression: gzip`, each event by itself. @default false */
  readonly isPacked?: boolean;
}

const maxPayloadBytes = 4 * 1024 * 1024;
const maxTries = 20;

export class Vector {
  constructor(
    private readonly endpoint: Endpoint,
    private readonly stream: string,
    private readonly settings: VectorSettings = {},
  ) {}

  /** Before the first event. @returns whether the stream is there, by its name */
  async isHealthy(): Promise<boolean> {
    const answer = await this.call(
      "DescribeDeliveryStream",
      `{"DeliveryStreamName":"${this.stream}","Limit":1}`,
    );
    if (answer === "lost" || answer.status !== 200) return false;
    return JSON.parse(answer.body).DeliveryStreamDescription?.DeliveryStreamName === this.stream;
  }

  /** Events as JSON without a line feed, as its codec writes them. @returns how each batch ended */
  async send(events: readonly object[]): Promise<Ending[]> {
    const data = events.map((event) => {
      const bytes = Buffer.from(JSON.stringify(event));
      return (this.settings.isPacked ? gzipSync(bytes) : bytes).toString("base64");
    });
    const endings: Ending[] = [];
    for (const batch of batched(data, maxPayloadBytes, (one) => one.length + 3))
      endings.push(await this.sendBatch(put(this.stream, batch)));
    return endings;
  }

  private async sendBatch(body: string): Promise<Ending> {
    for (let tries = 0; tries < maxTries; tries++) {
      const answer = await this.call("PutRecordBatch", body);
      if (answer !== "lost" && answer.status === 200) {
        const isPartial = JSON.parse(answer.body).FailedPutCount > 0;
        if (!isPartial || !this.settings.retriesPartial) return "delivered";
      } else if (!mayPass(answer)) return "dropped";
    }
    return "waiting";
  }

  private call(operation: string, body: string): Promise<Called> {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target(operation),
      "user-agent": "aws-sdk-rust/1.3.11 os/linux lang/rust/1.92.0",
      "amz-sdk-request": "attempt=1; max=1",
    };
    return this.endpoint.call(headers, body);
  }
}

/** By the error's name as the SDK reads it, by the status, by this header, and by words in the body of a 4xx. */
function mayPass(answer: Called): boolean {
  if (answer === "lost" || answer.status >= 500 || answer.status === 429) return true;
  if (errorOf(answer) === "ServiceUnavailableException" || "x-amz-retry-after" in answer.headers) return true;
  return answer.status >= 400 && /RequestTimeout|RequestExpired|ThrottlingException/.test(answer.body);
}

function errorOf({ headers, body }: CallAnswer): string {
  const named = String(headers["x-amzn-errortype"] ?? JSON.parse(body).__type ?? "");
  return named.split(":")[0]!.split("#").at(-1)!;
}
