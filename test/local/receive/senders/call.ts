/** One call as a sender without the SDK makes it: its headers and its body, and the answer as it came. */
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";

export interface CallAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `lost`: the connection ended before an answer. */
export type Called = CallAnswer | "lost";

/** What became of the records, as the sender itself believes. */
export type Ending = "delivered" | "dropped" | "waiting";

export const target = (operation: string): string => `Firehose_20150804.${operation}`;

/** Where a sender calls; kept connections, as all of them have. */
export class Endpoint {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly url: string) {}

  call(headers: Readonly<Record<string, string>>, body: string): Promise<Called> {
    const { agent } = this;
    return new Promise((resolve) => {
      const sent = request(
        this.url,
        { method: "POST", agent, headers: { ...headers, "Content-Length": Buffer.byteLength(body) } },
        (answer) => {
          const { statusCode: status = 0, headers: got } = answer;
          text(answer).then(
            (read) => resolve({ status, headers: got, body: read }),
            () => resolve("lost"),
          );
        },
      );
      sent.on("error", () => resolve("lost"));
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

export const put = (stream: string, data: readonly string[]): string =>
  `{"DeliveryStreamName":"${stream}","Records":[${data.map((one) => `{"Data":"${one}"}`).join(",")}]}`;

/** In calls of 500 records, and of so many bytes as `bytesOf` counts them. */
export function batched<T>(items: readonly T[], maxBytes: number, bytesOf: (item: T) => number): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = batches.at(-1);
    if (!last || last.length === 500 || bytes + bytesOf(item) > maxBytes) {
      batches.push([item]);
      bytes = bytesOf(item);
    } else {
      last.push(item);
      bytes += bytesOf(item);
    }
  }
  return batches;
}
