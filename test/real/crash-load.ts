/** Records with a number and a fate, the processor that deals it out, the load that sends them; and the numbers found again in what came of them. */
import {
  FirehoseClient,
  FirehoseServiceException,
  PutRecordBatchCommand,
  ServiceUnavailableException,
} from "@aws-sdk/client-firehose";
import type { Random } from "./opensearch/random";

export const kinds = ["ok", "drop", "fail", "malformed"] as const;
export type Kind = (typeof kinds)[number];

/** Most are indexed; the others are spread over every batch. */
export const kindOf = (n: number): Kind =>
  n % 7 === 3 ? "drop" : n % 11 === 5 ? "fail" : n % 13 === 8 ? "malformed" : "ok";

/** What it does is told by the record's text, so that every fate of a record happens. */
export const processorByContent = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
  const text = Buffer.from(data, "base64").toString();
  if (text.includes('"kind":"drop"')) return { recordId, result: "Dropped" };
  if (text.includes('"kind":"fail"')) return { recordId, result: "ProcessingFailed" };
  if (text.includes('"kind":"malformed"')) data = Buffer.from(text.slice(0, -2)).toString("base64");
  return { recordId, result: "Ok", data };
}) })`;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export class CrashLoad {
  /** Records that were handed to the client, from 1. */
  sent = 0;
  /** Number of each acknowledged record with its record id. */
  readonly acknowledged = new Map<number, string>();
  /** Records of calls that were answered with ServiceUnavailableException. */
  readonly refused = new Set<number>();
  /** When each number from 1 on was handed to the client. */
  readonly sentMs: number[] = [Number.NaN];
  private stopped = false;

  constructor(private readonly random: Random) {}

  /** From now on no call is begun. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Sends until the endpoint is gone or `stop` is called. One attempt per call: what was not acknowledged is never
   * sent again.
   */
  async sendTo(
    { firehose, streamName }: { firehose: string; streamName: string },
    senders: number,
  ): Promise<void> {
    this.stopped = false;
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
    while (!this.stopped) {
      const numbers = Array.from({ length: this.random.pick([1, 20, 150]) }, () => ++this.sent);
      for (const n of numbers) this.sentMs[n] = Date.now();
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
        if (error instanceof ServiceUnavailableException) {
          for (const n of numbers) this.refused.add(n);
          await new Promise((wake) => setTimeout(wake, 20));
        } else if (error instanceof FirehoseServiceException) throw error;
        // Killed: this batch may or may not have been taken.
        else return;
      }
    }
  }
}

/** The numbers of all records in these texts, in their order, as often as they are there. */
export function numbersIn(texts: readonly string[]): number[] {
  return texts.flatMap((text) => Array.from(text.matchAll(/\{"n":(\d+),/g), ([, n]) => Number(n)));
}
