/**
 * The Kinesis Agent 2.0.13 with `deliveryStream`, by its source: FirehoseSender, SimplePublisher, AsyncPublisher,
 * FirehoseConstants and AgentContext of awslabs/amazon-kinesis-agent. It calls with version 1.12.390 of the SDK for Java,
 * whose requests were read from the wire. Not done here: the pauses, and more than `maxTries` tries of a buffer, of which
 * it has no limit.
 */
import { batched, type Called, type Ending, type Endpoint, put, target } from "./call";

const maxRecordBytes = 1000 * 1024;
const maxBufferBytes = 4 * 1024 * 1024;
/** Of one call, by the SDK. */
const sdkAttempts = 4;
const maxTries = 20;

export class KinesisAgent {
  constructor(
    private readonly endpoint: Endpoint,
    private readonly stream: string,
  ) {}

  /** Lines with their line feeds; one that is too long is cut, and ends in a line feed. @returns how each buffer ended */
  async send(lines: readonly string[]): Promise<Ending[]> {
    const records = lines.map((line) => {
      const bytes = Buffer.from(line);
      return bytes.length <= maxRecordBytes
        ? bytes
        : Buffer.concat([bytes.subarray(0, maxRecordBytes - 1), Buffer.from("\n")]);
    });
    const endings: Ending[] = [];
    for (const buffer of batched(records, maxBufferBytes, (record) => record.length))
      endings.push(await this.sendBuffer(buffer));
    return endings;
  }

  /** What was taken is removed by its place in the answer; the rest, and all of it after any error, is sent again. */
  private async sendBuffer(buffer: readonly Buffer[]): Promise<Ending> {
    let left = buffer;
    for (let tries = 0; tries < maxTries; tries++) {
      const answer = await this.putRecordBatch(left);
      if (answer === "lost" || answer.status !== 200) continue;
      const { RequestResponses } = JSON.parse(answer.body) as { RequestResponses: { ErrorCode?: string }[] };
      const sent = new Set<number>();
      RequestResponses.forEach(({ ErrorCode }, place) => {
        if (ErrorCode == null) sent.add(place);
      });
      left = left.filter((_, place) => !sent.has(place));
      if (left.length === 0) return "delivered";
    }
    return "waiting";
  }

  private async putRecordBatch(records: readonly Buffer[]): Promise<Called> {
    const body = put(
      this.stream,
      records.map((record) => record.toString("base64")),
    );
    let answer: Called = "lost";
    for (let attempt = 1; attempt <= sdkAttempts; attempt++) {
      answer = await this.endpoint.call(
        {
          "amz-sdk-request": `attempt=${attempt};max=4`,
          "amz-sdk-retry": `${attempt - 1}/0/500`,
          "Content-Type": "application/x-amz-json-1.1",
          "User-Agent": "aws-kinesis-agent/2.0.13 aws-sdk-java/1.12.390 Linux",
          "X-Amz-Target": target("PutRecordBatch"),
          Connection: "Keep-Alive",
        },
        body,
      );
      const isForNow = answer === "lost" || answer.status >= 500 || isThrottled(answer.body);
      if (!isForNow) return answer;
    }
    return answer;
  }
}

/** By the name of the error: no name of Firehose's is among the SDK's. */
const isThrottled = (body: string): boolean =>
  /"__type":"(?:Throttling(?:Exception)?|SlowDown|RequestLimitExceeded|TooManyRequestsException|RequestThrottled)"/.test(
    body,
  );
