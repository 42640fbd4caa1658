/** Records with a number and a fate, sent by the AWS SDK; and the numbers found again in what came of them. */
import { FirehoseClient, FirehoseServiceException, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Random } from "./opensearch/random";

export const kinds = ["ok", "drop", "fail", "malformed"] as const;
export type Kind = (typeof kinds)[number];

/** Most are indexed; the others are spread over every batch. */
export const kindOf = (n: number): Kind =>
  n % 7 === 3 ? "drop" : n % 11 === 5 ? "fail" : n % 13 === 8 ? "malformed" : "ok";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export class CrashLoad {
  /** Records that were handed to the client, from 1. */
  sent = 0;
  /** Number of each acknowledged record with its record id. */
  readonly acknowledged = new Map<number, string>();

  constructor(private readonly random: Random) {}

  /** Sends until the endpoint is gone. One attempt per call: what was not acknowledged is never sent again. */
  async sendTo({ firehose, streamName }: { firehose: string; streamName: string }, senders: number) {
    const client = new FirehoseClient({
      endpoint: firehose,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
    });
    await Promise.all(Array.from({ length: senders }, () => this.send(client, streamName)));
    client.destroy();
  }

  private async send(client: FirehoseClient, streamName: string): Promise<void> {
    for (;;) {
      const numbers = Array.from({ length: this.random.pick([1, 20, 150]) }, () => ++this.sent);
      const padding = "x".repeat(this.random.number(120));
      const command = new PutRecordBatchCommand({
        DeliveryStreamName: streamName,
        Records: numbers.map((n) => ({ Data: encode(JSON.stringify({ n, kind: kindOf(n), padding })) })),
      });
      try {
        const { RequestResponses = [] } = await client.send(command);
        for (const [i, { RecordId }] of RequestResponses.entries()) {
          if (RecordId !== undefined) this.acknowledged.set(numbers[i]!, RecordId);
        }
      } catch (error) {
        // Killed: this batch may or may not have been taken. An answer of the service would be another matter.
        if (error instanceof FirehoseServiceException) throw error;
        return;
      }
    }
  }
}

/** The numbers of all records in these texts, in their order, as often as they are there. */
export function numbersIn(texts: readonly string[]): number[] {
  return texts.flatMap((text) => Array.from(text.matchAll(/\{"n":(\d+),/g), ([, n]) => Number(n)));
}
