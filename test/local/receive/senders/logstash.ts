/**
 * The output `firehose` of Logstash, logstash-output-firehose 1.0.0, by its source: lib/logstash/outputs/firehose.rb of
 * toppsdigital/logstash-output-firehose. One PutRecord for each event, with version 2 of the SDK for Ruby, which tries four
 * times; then the event is logged and gone. Not done here: the pauses.
 */
import { type Ending, type Endpoint, target } from "./call";

const attempts = 4;

export class Logstash {
  constructor(
    private readonly endpoint: Endpoint,
    private readonly stream: string,
  ) {}

  /** What the codec made of each event. */
  async send(encoded: readonly string[]): Promise<Ending[]> {
    const endings: Ending[] = [];
    for (const event of encoded) endings.push(await this.putRecord(event));
    return endings;
  }

  private async putRecord(event: string): Promise<Ending> {
    const data = Buffer.from(event).toString("base64");
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const answer = await this.endpoint.call(
        {
          "Content-Type": "application/x-amz-json-1.1",
          "User-Agent": "aws-sdk-ruby2/2 jruby java",
          "X-Amz-Target": target("PutRecord"),
        },
        `{"DeliveryStreamName":"${this.stream}","Record":{"Data":"${data}"}}`,
      );
      if (answer === "lost" || answer.status >= 500) continue;
      return answer.status === 200 ? "delivered" : "dropped";
    }
    return "dropped";
  }
}
