/** JSON events of real shapes, mutated: types changed, levels deeper, names with dots and blanks, 2,000 fields. */
import { type Random, randomFrom } from "./opensearch/random";

export interface GeneratedEvent {
  readonly text: string;
  /** Texts that stand in this event's values alone, each a word. */
  readonly words: readonly string[];
}

type Value = unknown;
type Fields = Record<string, Value>;

/** Each value is a word of its own, so that it can be looked for. */
function shapes(word: () => string): Fields[] {
  return [
    {
      ts: 1772323200,
      event: word(),
      page: word(),
      user: { id: word() },
      viewport: { width: 1280 },
      total: 0,
    },
    { level: "error", msg: word(), pid: 7, hostname: word(), err: { type: word(), stack: word() } },
    { log: word(), kubernetes: { labels: { app: word(), "app.kubernetes.io/name": word() }, pod: word() } },
    { "@timestamp": "2026-03-01T00:00:00Z", "log.level": "info", message: word(), service: { name: word() } },
    {
      action: "BLOCK",
      httpRequest: { clientIp: "192.0.2.1", country: "NL", headers: [{ name: "Host", value: word() }] },
      labels: [{ name: word() }],
    },
    {
      _aws: {
        Timestamp: 1772323200000,
        CloudWatchMetrics: [{ Namespace: word(), Metrics: [{ Name: word() }] }],
      },
      time: 100,
      cost: 0.5,
    },
    {
      eventType: "Delivery",
      mail: { timestamp: "2026-03-01T00:00:00Z", destination: [word(), word()] },
      delivery: { processingTimeMillis: 5 },
    },
    {
      time: "28/Feb/2026:16:30:00 +0000",
      status: 200,
      request: word(),
      duration: 0,
      tags: [word(), word()],
      ok: true,
    },
  ];
}

const oddNames = [
  "a.b",
  "a..b",
  ".a",
  "b.",
  "",
  " ",
  "two words",
  "user.id",
  "error",
  "error.code",
  "_id",
  "__proto__",
  "x*y",
  "é",
  "@timestamp.raw",
  "status",
  "total",
  "user",
  "log",
];

function mutate(fields: Fields, random: Random, word: () => string): Fields {
  const name = random.pick(Object.keys(fields));
  const change = random.number(9);
  const entries = Object.entries(fields).filter(([key]) => key !== name);
  const of = (key: string, value: Value): Fields => Object.fromEntries([...entries, [key, value]]);
  if (change === 0) return of(name, { [word()]: { deeper: word() } });
  if (change === 1) return of(name, [1, word(), { three: word() }, [true, null]]);
  if (change === 2) return of(name, random.pick([true, false, null, 0, 0.5, -1, 1e300, [], {}, ""]));
  if (change === 3) return of(name, word());
  if (change === 4) return of(random.pick(oddNames), word());
  if (change === 5) return of(random.pick(oddNames), { [random.pick(oddNames)]: word() });
  if (change === 6)
    return of(name, random.pick([["a", word()], [word()], [[word()]], [{ name: word(), value: word() }]]));
  if (change === 7 && random.chance(0.02))
    return {
      ...fields,
      ...Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`field ${i}`, i % 50 ? i : word()])),
    };
  return of(name, { [random.pick(oddNames)]: fields[name] });
}

export function generatedEvents(count: number, seed: number): GeneratedEvent[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, at) => {
    const words: string[] = [];
    const word = (): string => {
      words.push(`w${at}x${words.length}`);
      return words.at(-1)!;
    };
    let fields = random.pick(shapes(word));
    for (let i = random.number(4); i > 0; i--) fields = mutate(fields, random, word);
    let text = JSON.stringify(fields);
    // What JSON.stringify cannot write.
    if (random.chance(0.1))
      text = text.replace(
        /:\d+(?=[,}])/,
        random.pick([":18446744073709551615", ":1e400", ":9007199254740993"]),
      );
    return {
      text,
      words: words.filter((each) => text.includes(`"${each}"`) && !text.includes(`"${each}":`)),
    };
  });
}
