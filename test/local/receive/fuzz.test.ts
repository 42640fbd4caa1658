/** Damaged requests by the thousand, from a seed: the endpoint refuses each and stays as it was. */
import { strict as assert } from "node:assert";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Receiver, startReceiver } from "../../../local/receive/server";
import { casesOf } from "../../property-runs";
import { until } from "../../until";
import { aStream } from "../fakes";

const requests = casesOf(20_000);
const connections = 16;
const seed = Number(process.env["FUZZ_SEED"] ?? 20260301);
/** What the requests may leave on the heap: a few bytes each would be a leak. */
const growthLimit = 16 * 1024 * 1024;

/** V8's own collection, which is out of reach without the flag. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** mulberry32: an integer below `limit`. */
function randomOf(start: number): (limit: number) => number {
  let state = start >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

type Random = ReturnType<typeof randomOf>;
const pick = <T>(random: Random, values: readonly T[]): T => values[random(values.length)]!;

interface Draft {
  line: string;
  headers: [string, string][];
  body: Buffer;
  /** The length that is told, where it is not the true one. */
  length?: string | undefined;
  /** Bytes of the whole that are sent before the connection is given up. */
  cut?: number;
}

const valid: readonly [operation: string, body: object][] = [
  ["PutRecord", { DeliveryStreamName: "web", Record: { Data: "eyJhIjoxfQ==" } }],
  [
    "PutRecordBatch",
    { DeliveryStreamName: "web", Records: [{ Data: "YQ==" }, { Data: "YmM=" }, { Data: "" }] },
  ],
  ["DescribeDeliveryStream", { DeliveryStreamName: "web", Limit: 1, ExclusiveStartDestinationId: "d" }],
  [
    "ListDeliveryStreams",
    { Limit: 10, DeliveryStreamType: "DirectPut", ExclusiveStartDeliveryStreamName: "a" },
  ],
];

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "web",
  "\u0000",
  "\ud800",
  "a".repeat(3000),
  "====",
  "Y-_=",
  [],
  [null],
  [[]],
  {},
  { Data: null },
  { Data: 7 },
  { toString: null },
  ["__proto__"],
];

/** Another value in the place of a part of a JSON value, at any depth. */
function withOddPart(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || random(3) === 0) return pick(random, oddValues);
  if (Array.isArray(value)) {
    const at = random(value.length);
    if (random(4) === 0) return Array.from({ length: 501 + random(200) }, () => value[at]);
    return value.map((part, i) => (i === at ? withOddPart(random, part) : part));
  }
  const keys = Object.keys(value);
  const key = pick(random, keys);
  if (random(4) === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const odd = withOddPart(random, (value as Record<string, unknown>)[key]);
  return { ...value, [random(8) === 0 ? "__proto__" : key]: odd };
}

const damages: readonly ((random: Random, draft: Draft, body: object) => void)[] = [
  (random, draft, body) => {
    draft.body = Buffer.from(JSON.stringify(withOddPart(random, body)));
  },
  (random, draft) => {
    draft.body = Buffer.from(draft.body);
    for (let i = 0; i <= random(4); i++) draft.body[random(draft.body.length)] = random(256);
  },
  (random, draft) => {
    draft.body = draft.body.subarray(0, random(draft.body.length));
  },
  (random, draft) => {
    const open = pick(random, ["[", '{"a":', '"', "\\u", "{}", "\ufeff{}", "NaN", "1e9999"]);
    draft.body = Buffer.from(open.repeat(1 + random(500)));
  },
  (random, draft) => {
    draft.line = `${pick(random, ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "post", ""])} / HTTP/1.1`;
  },
  (random, draft) => {
    draft.line = `POST ${pick(random, ["*", "//", "/%00", "/../..", `/${"a".repeat(5000)}`, "http://x/", "/ /"])} HTTP/1.1`;
  },
  (random, draft) => {
    draft.line = `POST / ${pick(random, ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9", "http/1.1", ""])}`;
  },
  (random, draft) => {
    const operation = pick(random, [
      "__proto__",
      "constructor",
      "toString",
      "putRecord",
      "",
      "x".repeat(900),
    ]);
    draft.headers = [["X-Amz-Target", `Firehose_20150804.${operation}`], ...draft.headers.slice(1)];
  },
  (random, draft) => {
    draft.headers.splice(random(draft.headers.length), 1);
  },
  (random, draft) => {
    const odd = pick(random, [
      "evil.example",
      "",
      "127.0.0.1:x",
      "[::1",
      "a".repeat(2000),
      "\u0000",
      "\u00ff",
    ]);
    draft.headers[random(draft.headers.length)]![1] = odd;
  },
  (random, draft) => {
    const further: readonly [string, string][] = [
      ["Origin", "http://evil.example"],
      ["Transfer-Encoding", "chunked"],
      ["Transfer-Encoding", "gzip"],
      ["Expect", "100-continue"],
      ["Expect", "tea"],
      ["Upgrade", "websocket"],
      ["Content-Encoding", "gzip"],
      ["Content-Length", "3"],
      ["Host", "localhost"],
      ["Bad Name", "x"],
      ["X-Long", "x".repeat(20_000)],
      ["Connection", "close"],
    ];
    draft.headers.push(pick(random, further));
  },
  (random, draft) => {
    const many = random(8) === 0 ? 2200 : 100;
    for (let i = 0; i < many; i++) draft.headers.push([`X-${i}`, ""]);
    draft.length = pick(random, ["0", undefined]);
  },
  (random, draft) => {
    const told = draft.body.length;
    draft.length = pick(random, [
      "-1",
      "0x10",
      "1e3",
      "",
      "99999999999999999999",
      `${told - 1}`,
      `${told + 5}`,
      "9000000",
    ]);
  },
  (random, draft) => {
    draft.cut = random(400);
  },
];

/** A valid request with one to three damages. */
function damaged(random: Random, host: string): { bytes: Buffer; isCut: boolean } {
  const [operation, body] = pick(random, valid);
  const draft: Draft = {
    line: "POST / HTTP/1.1",
    headers: [
      ["X-Amz-Target", `Firehose_20150804.${operation}`],
      ["Host", host],
      ["Content-Type", "application/x-amz-json-1.1"],
    ],
    body: Buffer.from(JSON.stringify(body)),
  };
  for (let i = 0; i <= random(3); i++)
    if (draft.headers.length > 0) pick(random, damages)(random, draft, body);
  const head = [
    draft.line,
    ...draft.headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${draft.length ?? draft.body.length}`,
  ].join("\r\n");
  const bytes = Buffer.concat([Buffer.from(`${head}\r\n\r\n`, "latin1"), draft.body]);
  const isShort = Number(draft.length ?? 0) > draft.body.length;
  return { bytes: bytes.subarray(0, draft.cut), isCut: isShort || draft.cut !== undefined };
}

/** A connection that is kept for as long as the server keeps it, then another. */
class Line {
  private socket: Socket | undefined;
  private wake = (): void => {};

  constructor(
    private readonly port: number,
    private readonly statuses: Map<number, number>,
  ) {}

  /** Sends, and waits for an answer, for the end of the connection, or for as long as an answer may take. */
  async send(bytes: Buffer, isCut: boolean): Promise<void> {
    const socket = this.socket ?? this.open();
    const answered = new Promise<boolean>((done) => {
      this.wake = () => done(true);
      // A server that waits for the rest gives no answer: the caller hangs up.
      setTimeout(done, isCut ? 2 : 250, false);
    });
    socket.write(bytes);
    if (!(await answered) || isCut) this.close();
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private open(): Socket {
    const socket = connect(this.port, "127.0.0.1");
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      for (const [, status] of chunk.toString("latin1").matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        this.statuses.set(Number(status), (this.statuses.get(Number(status)) ?? 0) + 1);
        if (this.socket === socket && status !== "100") this.wake();
      }
    });
    socket.on("error", () => {});
    const ended = (): void => {
      socket.destroy();
      if (this.socket !== socket) return;
      this.socket = undefined;
      this.wake();
    };
    socket.on("end", ended);
    socket.on("close", ended);
    return socket;
  }
}

describe("the Firehose endpoint under damaged requests", () => {
  let receiver: Receiver;
  let errors: string[];
  let accepted: number;

  beforeEach(async () => {
    errors = [];
    accepted = 0;
    receiver = await startReceiver({
      port: 0,
      streams: [
        {
          stream: aStream(),
          createdMs: 1_772_323_200_000,
          accept: ({ lengths: { length } }) => {
            accepted += length;
            return Promise.resolve(accepted - length + 1);
          },
        },
      ],
      onError: (error) => errors.push(String((error as Error).stack ?? error)),
    });
  });
  afterEach(() => receiver.close());

  async function storm(random: Random, count: number, statuses: Map<number, number>): Promise<void> {
    const { port, host } = new URL(receiver.url);
    let left = count;
    const work = async (): Promise<void> => {
      const line = new Line(Number(port), statuses);
      for (; left > 0; ) {
        left -= 1;
        const { bytes, isCut } = damaged(random, host);
        await line.send(bytes, isCut);
      }
      line.close();
    };
    await Promise.all(Array.from({ length: connections }, work));
  }

  function heapBytes(): number {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }

  it(`answers none of ${requests} with 500, keeps nothing of them, and still takes a batch`, async () => {
    const random = randomOf(seed);
    const statuses = new Map<number, number>();
    await storm(random, requests / 4, statuses);
    const before = heapBytes();
    await storm(random, (requests * 3) / 4, statuses);
    const grown = () => heapBytes() - before;
    const told = `seed ${seed}, statuses ${JSON.stringify([...statuses].sort())}`;
    if (process.env["FUZZ_TELL"]) console.log(told, grown());
    assert.deepEqual(errors, [], told);
    assert.deepEqual(
      [...statuses.keys()].filter((status) => status >= 500),
      [],
      told,
    );
    for (const status of [200, 400, 403]) assert.ok((statuses.get(status) ?? 0) > requests / 200, told);
    // Some connections may still be closing.
    await until(
      () => grown() < growthLimit,
      () => `${grown()} bytes more than before; ${told}`,
    );

    const already = accepted;
    const answer = await fetch(receiver.url, {
      method: "POST",
      headers: { "X-Amz-Target": "Firehose_20150804.PutRecordBatch" },
      body: JSON.stringify(valid[1]![1]),
    });
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { FailedPutCount: number }).FailedPutCount, 0);
    assert.equal(accepted, already + 3);
  });
});
