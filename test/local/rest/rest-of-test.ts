/** A search API over a small index in memory, for tests: one server, asked over HTTP. */
import { type SearchApi, type SearchApiOptions, startSearchApi } from "../../../local/rest/server";
import { mappingOf } from "../../../local/search/documents/mapping";
import type { BodySearcher } from "../../../local/search-body";
import { smallIndex } from "../search/small-index";

export const restMapping = mappingOf({
  settings: {},
  mappings: {
    date_detection: false,
    properties: {
      "@timestamp": { type: "date" },
      message: { type: "text" },
      host: { properties: { name: { type: "keyword" } } },
      status: { type: "long", ignore_malformed: true },
      ratio: { type: "double" },
      level: { type: "float" },
      ok: { type: "boolean" },
      client: { properties: { ip: { type: "ip" } } },
    },
  },
});

export const restDocuments = [
  {
    "@timestamp": "2026-11-25T10:00:00Z",
    message: "hello world",
    host: { name: "web-1" },
    status: 200,
    ratio: 1.5,
    level: 1.2,
    ok: true,
    client: { ip: "10.0.0.1" },
  },
  {
    "@timestamp": "2026-11-26T10:00:00Z",
    message: "bye world",
    host: { name: ["web-2", "web-1"] },
    status: [404, 404, 500],
    ratio: 2,
    ok: false,
    client: { ip: "2001:db8::1" },
    note: "Free text",
  },
  '{"@timestamp":"2026-11-28T10:00:00Z","message":"hello there big world","status":"many","big":9007199254740993}',
];

/** Documents by place from 0, which is their `_id`; the index is `small`. */
export function searcherOver(documents: readonly unknown[] = restDocuments): BodySearcher {
  const { reader } = smallIndex(documents, restMapping);
  return {
    find: async (request, patience) => reader.find(request, patience?.timeoutMs),
    mappings: async () => reader.mappings(),
    document: async (index, id) => reader.document({ index, id }),
  };
}

export interface RestAnswer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of an answer
  readonly json: any;
}

export class RestOfTest {
  private api: SearchApi | undefined;

  constructor(
    private readonly searcher: BodySearcher = searcherOver(),
    private readonly options: Pick<SearchApiOptions, "answers"> = {},
  ) {}

  async start(): Promise<this> {
    this.api = await startSearchApi({ port: 0, searcher: this.searcher, name: "test-dev", ...this.options });
    return this;
  }

  get url(): string {
    return this.api?.url ?? "";
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RestAnswer> {
    const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json") && answer !== "";
    return { status: response.status, text: answer, json: isJson ? JSON.parse(answer) : undefined };
  }

  search(body: object, index = "small"): Promise<RestAnswer> {
    return this.ask("POST", `/${index}/_search`, body);
  }

  /** Ids of the hits, as they come. */
  async ids(query: object): Promise<string[]> {
    const { json } = await this.search({ query, sort: ["_id"] });
    return (
      json.hits?.hits.map(({ _id }: { _id: string }) => _id) ?? [
        `${json.status} ${json.error.root_cause[0].type}`,
      ]
    );
  }

  async close(): Promise<void> {
    await this.api?.close();
  }
}
