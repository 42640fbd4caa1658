/** A stream for functions that put documents again: counts, refuses on demand, and forgets at the end. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the next call meets: an error's name, or places of records that are not taken. */
export type Trouble = string | readonly number[];

export interface FakeFirehose {
  /** Texts of the records of each call. */
  readonly calls: string[][];
  readonly streams: string[];
  /** Texts of the records that were taken. */
  taken(): string[];
}

export async function withFirehose(
  troubles: readonly Trouble[],
  test: (firehose: FakeFirehose) => Promise<void>,
): Promise<void> {
  const calls: string[][] = [];
  const streams: string[] = [];
  const taken: string[] = [];
  const left = [...troubles];
  const answer = (body: string): [number, object] => {
    const { DeliveryStreamName, Records } = JSON.parse(body) as {
      DeliveryStreamName: string;
      Records: { Data: string }[];
    };
    const texts = Records.map(({ Data }) => Buffer.from(Data, "base64").toString("utf8"));
    calls.push(texts);
    streams.push(DeliveryStreamName);
    const trouble = left.shift() ?? [];
    if (typeof trouble === "string") return [400, { __type: trouble, message: "no" }];
    taken.push(...texts.filter((_, i) => !trouble.includes(i)));
    const RequestResponses = texts.map((_, i) =>
      trouble.includes(i)
        ? { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." }
        : { RecordId: `${i}` },
    );
    return [200, { FailedPutCount: trouble.length, RequestResponses }];
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [status, body] = answer(Buffer.concat(chunks).toString("utf8"));
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  const environment = {
    AWS_ENDPOINT_URL_FIREHOSE: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  try {
    await test({ calls, streams, taken: () => [...taken] });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** The handler keeps its client, and with it the address: the port of the first server serves all. */
let port = 0;
