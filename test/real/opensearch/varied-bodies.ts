/** Documents, and bodies of searches over them, from a seed: right ones for the most part, and wrong ones. */
import { type Random, randomFrom } from "./random";

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2026, 10, 20);

/** All types, named and by their first value. */
export const bodiesTemplate = {
  settings: { "index.mapping.total_fields.limit": 2000 },
  mappings: {
    date_detection: false,
    dynamic_templates: [
      {
        strings: {
          match_mapping_type: "string",
          mapping: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 64 } } },
        },
      },
    ],
    properties: {
      "@timestamp": { type: "date" },
      message: { type: "text" },
      host: { properties: { name: { type: "keyword" } } },
      status: { type: "long", ignore_malformed: true },
      bytes: { type: "long" },
      ratio: { type: "double" },
      level: { type: "float" },
      ok: { type: "boolean" },
      client: { properties: { ip: { type: "ip" } } },
      when: { type: "date" },
    },
  },
};

const WORDS = ["error", "timeout", "hello", "world", "bye", "Ready", "wi-fi", "naïve", "GET /index"];
const HOSTS = ["web-1", "web-2", "db", "Cache", "zürich", "𠮷", "\uffee"];
const ADDRESSES = ["10.0.0.1", "10.0.7.9", "192.168.1.1", "2001:db8::1", "::1", "2001:db8:0:1:0:0:0:7"];
const STATUSES = [200, 200, 200, 301, 404, 500, 503];

const iso = (ms: number): string => new Date(ms).toISOString();

export function bodyDocuments(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, at) => {
    const document: Record<string, unknown> = {};
    const some = (name: string, probability: number, value: () => unknown) => {
      if (!random.chance(probability)) return;
      document[name] = random.chance(0.15) ? [value(), value(), value()] : value();
    };
    if (random.chance(0.97)) document["@timestamp"] = iso(FIRST_MS + at * 300_000 + random.number(900_000));
    some("message", 0.95, () =>
      Array.from({ length: 1 + random.number(6) }, () => random.pick(WORDS)).join(" "),
    );
    if (random.chance(0.9))
      document["host"] = {
        name: random.chance(0.1) ? [random.pick(HOSTS), random.pick(HOSTS)] : random.pick(HOSTS),
      };
    some("status", 0.9, () => (random.chance(0.03) ? "many" : random.pick(STATUSES)));
    some("bytes", 0.8, () => (random.chance(0.02) ? 9_007_199_254_740_000 : random.number(5000)));
    some("ratio", 0.7, () => random.number(1000) / 8 - 20);
    some("level", 0.6, () => random.number(300) / 10);
    some("ok", 0.7, () => random.chance(0.6));
    if (random.chance(0.7))
      document["client"] = {
        ip: random.chance(0.1) ? [random.pick(ADDRESSES), random.pick(ADDRESSES)] : random.pick(ADDRESSES),
      };
    some("when", 0.5, () => iso(FIRST_MS + random.number(20 * 24) * HOUR_MS));
    some("note", 0.5, () => `${random.pick(WORDS)} ${random.number(6)}`);
    if (random.chance(0.3))
      document["deep"] = {
        a: { b: random.number(9), c: random.pick(WORDS) },
        list: [{ x: random.number(3) }, { x: 7 }],
      };
    return JSON.stringify(document);
  });
}

const FIELDS = {
  keyword: ["host.name", "note.keyword", "deep.a.c.keyword"],
  number: ["status", "bytes", "ratio", "level", "deep.a.b", "deep.list.x"],
  date: ["@timestamp", "when"],
  text: ["message", "note"],
};
const ANY = [...Object.values(FIELDS).flat(), "ok", "client.ip", "nosuch"];

class Bodies {
  constructor(private readonly random: Random) {}

  /** Texts have no values to sort by, and are there now and then. */
  private withValues(names: readonly string[]): string[] {
    return names.filter((name) => !FIELDS.text.includes(name) || this.random.chance(0.1));
  }

  private date(): unknown {
    const ms = FIRST_MS + this.random.number(15 * 24) * HOUR_MS;
    const day = iso(ms).slice(0, 10);
    return this.random.pick([
      iso(ms),
      day,
      ms,
      `${day}||/w`,
      `${day}T10:00`,
      `${day}||+1d/d`,
      `${day}||-1M/M`,
    ]);
  }

  private value(field: string): unknown {
    const { random } = this;
    if (random.chance(0.01)) return random.pick(["abc", "", true, -1, 1.5, "2026-99-99"]);
    if (FIELDS.date.includes(field)) return this.date();
    if (field === "status") return random.pick([...STATUSES, "404", 404.5]);
    if (FIELDS.number.includes(field))
      return random.pick([random.number(3000), random.number(200) / 8, String(random.number(9))]);
    if (field === "ok") return random.pick([true, false, "true"]);
    if (field === "client.ip") return random.pick([...ADDRESSES, "10.0.0.0/16", "2001:db8::/32"]);
    if (field === "host.name") return random.pick(HOSTS);
    return random.pick([...WORDS, `${random.pick(WORDS)} ${random.number(6)}`, "hello world"]);
  }

  private textQuery(): object {
    const { random } = this;
    const field = random.pick([...FIELDS.text, ...ANY]);
    const query = this.value(field);
    if (random.chance(0.3))
      return { match_phrase: { [field]: random.chance(0.5) ? query : { query, slop: random.number(3) } } };
    if (random.chance(0.4)) return { match: { [field]: query } };
    const text = field === "message" ? Array.from({ length: 3 }, () => random.pick(WORDS)).join(" ") : query;
    const options = random.pick([
      { operator: random.pick(["and", "OR"]) },
      { minimum_should_match: random.pick([1, 2, "-1", "50%", "2<-1", "3<75%", "-30%"]) },
      { lenient: random.chance(0.5) },
      { zero_terms_query: random.pick(["all", "none"]) },
    ]);
    return { match: { [field]: { query: text, ...options } } };
  }

  private queryString(): object {
    const { random } = this;
    const term = () =>
      random.pick([
        random.pick(WORDS.slice(0, 6)),
        `message:${random.pick(WORDS.slice(0, 6))}`,
        `status:${random.pick(STATUSES)}`,
        `host.name:${random.pick(HOSTS.slice(0, 4))}`,
        `bytes:[100 TO ${random.number(5000)}]`,
        `ratio:>${random.number(50)}`,
        `"hello world"`,
        "_exists_:when",
        "err*",
      ]);
    const query = Array.from({ length: 1 + random.number(3) }, term).join(
      random.pick([" ", " AND ", " OR ", " AND NOT "]),
    );
    const options = random.pick([
      {},
      {},
      { default_operator: random.pick(["AND", "or"]) },
      { default_field: random.pick(["message", "note", "status", "*"]) },
      { fields: random.pick([["message", "note"], ["message^3"], ["note*"]]), default_operator: "and" },
      { lenient: true },
    ]);
    return {
      query_string: {
        query: random.chance(0.03) ? random.pick(["(", "status:x", "a AND", ""]) : query,
        ...options,
      },
    };
  }

  private range(): object {
    const { random } = this;
    const field = random.pick([...FIELDS.number, ...FIELDS.date, ...ANY]);
    const ends: Record<string, unknown> = {};
    if (random.chance(0.8)) ends[random.pick(["gte", "gt"])] = this.value(field);
    if (random.chance(0.6)) ends[random.pick(["lte", "lt"])] = this.value(field);
    if (FIELDS.date.includes(field) && random.chance(0.3))
      ends["time_zone"] = random.pick(["+02:00", "-05:30", "UTC", "Europe/Berlin", "America/New_York"]);
    return { range: { [field]: ends } };
  }

  query(depth = 0): object {
    const { random } = this;
    if (depth < 2 && random.chance(0.3)) return this.bool(depth);
    const field = random.pick(ANY);
    switch (random.number(9)) {
      case 0:
        return { match_all: {} };
      case 1:
        return { term: { [field]: random.chance(0.5) ? this.value(field) : { value: this.value(field) } } };
      case 2:
        return { terms: { [field]: Array.from({ length: random.number(4) }, () => this.value(field)) } };
      case 3:
        return { exists: { field: random.pick([field, "deep", "host", "deep.a"]) } };
      case 4:
        return {
          ids: { values: Array.from({ length: random.number(4) }, () => String(random.number(2000))) },
        };
      case 5:
        return this.queryString();
      case 6:
        return this.range();
      default:
        return this.textQuery();
    }
  }

  private bool(depth: number): object {
    const { random } = this;
    const list = () => Array.from({ length: random.number(4) }, () => this.query(depth + 1));
    const bool: Record<string, unknown> = {};
    for (const name of ["must", "filter", "should", "must_not"]) if (random.chance(0.4)) bool[name] = list();
    if (random.chance(0.2)) bool["minimum_should_match"] = random.pick([0, 1, 2, "-1", "60%"]);
    return { bool };
  }

  private sort(): unknown {
    const { random } = this;
    const field = random.pick(["@timestamp", "@timestamp", ...this.withValues(ANY)]);
    const options: Record<string, unknown> = { order: random.pick(["asc", "desc"]) };
    if (random.chance(0.2)) options["missing"] = random.pick(["_first", "_last"]);
    if (random.chance(0.15)) options["mode"] = random.pick(["min", "max"]);
    if (field === "nosuch" && random.chance(0.7))
      options["unmapped_type"] = random.pick(["long", "date", "keyword"]);
    const key = random.chance(0.5) ? { [field]: options } : { [field]: options["order"] };
    return [key, ...(random.chance(0.3) ? [{ status: "desc" }] : []), { _id: "asc" }];
  }

  private metric(): object {
    const { random } = this;
    // Below buckets, the real one counts no documents beside a number of a field that is not there.
    const field = random.pick(this.withValues(ANY).filter((name) => name !== "nosuch"));
    return { [random.pick(["stats", "cardinality", "min", "max", "avg", "sum", "value_count"])]: { field } };
  }

  private histogram(): object {
    const { random } = this;
    const interval = random.pick([
      { fixed_interval: random.pick(["1h", "12h", "36h", "1d", "7d"]) },
      { calendar_interval: random.pick(["hour", "day", "1w", "month", "quarter", "1y"]) },
    ]);
    const options = random.pick([
      {},
      { min_doc_count: 1 },
      { time_zone: random.pick(["+02:00", "Europe/Berlin", "America/New_York"]) },
      { offset: "+6h" },
      { format: random.pick(["yyyy-MM-dd", "epoch_millis", "yyyy-MM-dd'T'HH:mm"]) },
      { keyed: true },
      { order: random.pick([{ _key: "desc" }, { _count: "desc" }]) },
      { extended_bounds: { min: "2026-11-18", max: "2026-12-01" } },
    ]);
    return { date_histogram: { field: random.pick(["@timestamp", "when"]), ...interval, ...options } };
  }

  private terms(): object {
    const { random } = this;
    const field = random.pick(this.withValues(ANY));
    const options = random.pick([
      {},
      { size: 1 + random.number(20) },
      { order: random.pick([{ _key: "asc" }, { _count: "asc" }, [{ _count: "asc" }, { _key: "desc" }]]) },
      { min_doc_count: 5 },
      { show_term_doc_count_error: true },
    ]);
    return { terms: { field, ...options } };
  }

  private range2(): object {
    const { random } = this;
    const field = random.pick([...FIELDS.number, ...FIELDS.number, "when", "host.name", "nosuch"]);
    const end = () => (field === "when" ? random.pick(["2026-11-25", "2026-11-28||/d"]) : random.number(800));
    const ranges = Array.from({ length: 1 + random.number(3) }, () => ({
      ...(random.chance(0.7) ? { from: end() } : {}),
      ...(random.chance(0.7) ? { to: end() } : {}),
      ...(random.chance(0.2) ? { key: `k${random.number(99)}` } : {}),
    }));
    return { range: { field, ranges } };
  }

  private filters(): object {
    const { random } = this;
    const queries = { a: { match_all: {} }, b: { term: { status: 200 } }, c: { exists: { field: "when" } } };
    const other = random.chance(0.3) ? { other_bucket: true } : {};
    return { filters: { filters: random.chance(0.5) ? queries : Object.values(queries), ...other } };
  }

  private aggregation(depth = 0): object {
    const { random } = this;
    if (depth > 1 || random.chance(0.3)) return this.metric();
    const one = random.pick([
      () => this.histogram(),
      () => this.terms(),
      () => this.range2(),
      () => this.filters(),
    ])();
    return depth === 0 && random.chance(0.6) ? { ...one, aggs: this.aggregations(1) } : one;
  }

  private aggregations(depth = 0): object {
    const count = 1 + this.random.number(2);
    return Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`a${at}`, this.aggregation(depth + (depth === 0 ? 0 : 1))]),
    );
  }

  private wrong(): object {
    return this.random.pick<object>([
      { query: { nope: {} } },
      { query: [] },
      { query: {} },
      { nope: 1 },
      { size: -1 },
      { sort: [1] },
      { sort: [{ message: "asc" }] },
      { sort: [{ nosuch: "asc" }] },
      { timeout: "soon" },
      { query: { match: { a: "x", b: "y" } } },
      { query: { match: { message: { query: "x", nope: 1 } } } },
      { query: { bool: { nope: [] } } },
      { query: { bool: { must: [{ nope: {} }] } } },
      { query: { range: { status: { nope: 1 } } } },
      { query: { terms: { status: 200 } } },
      { query: { exists: {} } },
      { aggs: { a: { nope: {} } } },
      { aggs: { a: {} } },
      { aggs: { a: { terms: {} } } },
      { aggs: { a: { terms: { field: "host.name", size: 0 } } } },
      { aggs: { a: { stats: { field: "host.name" } } } },
      { aggs: { a: { date_histogram: { field: "@timestamp" } } } },
      { aggs: { a: { date_histogram: { field: "@timestamp", fixed_interval: "1M" } } } },
      { aggs: { a: { filters: { filters: {} } } } },
      { aggs: { "a>b": { stats: { field: "status" } } } },
      { aggs: { a: { terms: { field: "status", order: { x: "asc" } } } } },
      { sort: ["status"], search_after: [1, 2] },
      { sort: ["status"], search_after: ["x"] },
      { search_after: [1] },
      { fields: "message" },
      { _source: 1 },
      { track_total_hits: "x" },
    ]);
  }

  body(): object {
    const { random } = this;
    if (random.chance(0.06)) return this.wrong();
    const body: Record<string, unknown> = { sort: this.sort() };
    if (random.chance(0.9)) body["query"] = this.query();
    body["size"] = random.pick([0, 5, 20, 100]);
    if (random.chance(0.2)) body["from"] = random.number(40);
    if (random.chance(0.5)) body["aggs"] = this.aggregations();
    body["track_total_hits"] = random.pick([true, true, false, 100]);
    body["_source"] = random.pick<unknown>([
      false,
      true,
      "host",
      ["st*", "deep.a"],
      { includes: ["*"], excludes: ["deep.a.b", "mess*"] },
      { excludes: ["host"] },
    ]);
    if (random.chance(0.3))
      body["fields"] = random.pick([
        ["*"],
        ["host.name", "when"],
        ["deep.*", "client.ip"],
        [{ field: "@timestamp", format: "epoch_millis" }, "level"],
      ]);
    if (random.chance(0.2) && !("from" in body)) {
      body["sort"] = [{ bytes: "asc" }, { _id: "asc" }];
      body["search_after"] = [random.number(5000), String(random.number(2000))];
    }
    return body;
  }
}

export function variedBodies(count: number, seed: number): object[] {
  const bodies = new Bodies(randomFrom(seed));
  return Array.from({ length: count }, () => bodies.body());
}
