/** Documents of invented requests, the same at every run. */
import type { IndexDocument } from "../local/rooms";

export const template = {
  settings: {},
  mappings: {
    date_detection: false,
    properties: {
      "@timestamp": { type: "date" },
      message: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 1024 } } },
      host: { type: "keyword" },
      level: { type: "keyword" },
      status: { type: "long", ignore_malformed: true },
      bytes: { type: "long", ignore_malformed: true },
      took: { type: "double", ignore_malformed: true },
      request: { type: "keyword" },
      source: { properties: { ip: { type: "ip", ignore_malformed: true } } },
    },
  },
};

/** Numbers from 0 to 1, the same at every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const paths = ["items", "cart", "checkout", "login", "search", "images", "orders", "health"];
const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, "0").slice(-digits);

export class RequestDocuments {
  private readonly random = randomFrom(1);
  private seq = 0;

  /** With `mixed`, times go back and forth by up to a minute. */
  constructor(
    private readonly baseMs: number,
    private readonly mixed: boolean,
  ) {}

  next(count: number): IndexDocument[] {
    return Array.from({ length: count }, () => this.one());
  }

  /** The next `total` of them, so many at a time. */
  *batches(total: number, most: number): Generator<IndexDocument[]> {
    for (let left = total; left > 0; left -= most) yield this.next(Math.min(left, most));
  }

  private pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  private one(): IndexDocument {
    const { random } = this;
    const seq = ++this.seq;
    const number = (below: number) => Math.floor(random() * below);
    const failed = random() < 0.03;
    const status = failed ? 500 + number(5) : this.pick([200, 200, 200, 201, 204, 301, 404]);
    const path = `/${this.pick(paths)}/${number(20_000)}`;
    const why = this.pick(["checkout failed", "timeout", "connection refused"]);
    const arrivalMs = this.baseMs + seq;
    const timeMs = this.mixed ? arrivalMs - number(60_000) : arrivalMs;
    const source = JSON.stringify({
      "@timestamp": new Date(timeMs).toISOString(),
      message: `${this.pick(["GET", "GET", "GET", "POST"])} ${path} ${status}${failed ? ` ${why}` : ""}`,
      host: `web-${1 + number(8)}`,
      level: failed ? "ERROR" : "INFO",
      status,
      bytes: number(50_000),
      took: number(2000) / 1000,
      request: `${hex(number(2 ** 32), 8)}-${hex(number(2 ** 16), 4)}`,
      source: { ip: `${this.pick([10, 10, 172, 192])}.${number(256)}.${number(256)}.${1 + number(254)}` },
      ...(failed ? { error: why } : {}),
    });
    return { seq, id: `e.${seq}`, index: "requests-2026-11-25-12", arrivalMs, source };
  }
}
