/** A small index in memory, without threads: documents in, the places of the matches out. */
import { DatabaseSync } from "node:sqlite";
import { QueryError, type Refusal } from "../../../local/rooms";
import { mappingOf } from "../../../local/search/documents/mapping";
import { fileSchema } from "../../../local/search/file/tables";
import { IndexReader } from "../../../local/search/reading/reader";
import { IndexWriter } from "../../../local/search/writing/writer";

export const arrivalMs = Date.UTC(2026, 10, 25, 12);

export interface SmallIndex {
  readonly refusals: readonly Refusal[];
  /** Places of the matching documents, from 0, or "error". */
  find(query: string): number[] | "error";
  /** The stored text of a document. */
  source(place: number): string;
  reader: IndexReader;
  db: DatabaseSync;
}

/** As the facts about queries were found on a real node: long and float numbers, no date by guess. */
export const factTemplate = {
  settings: { "index.mapping.total_fields.limit": 2000 },
  mappings: {
    date_detection: false,
    dynamic_templates: [
      {
        strings: {
          match_mapping_type: "string",
          mapping: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 1024 } } },
        },
      },
    ],
    properties: { "@timestamp": { type: "date" }, message: { type: "text" } },
  },
};

export const factMapping = mappingOf(factTemplate);

export function smallIndex(documents: readonly unknown[], mapping = factMapping): SmallIndex {
  const db = new DatabaseSync(":memory:");
  db.exec(fileSchema);
  const writer = new IndexWriter(db, [], mapping);
  const sources = documents.map((document) =>
    typeof document === "string" ? document : JSON.stringify(document),
  );
  const refusals = writer.write({
    seqs: Float64Array.from(sources, (_, place) => place + 1),
    arrivalsMs: Float64Array.from(sources, () => arrivalMs),
    ids: sources.map((_, place) => String(place)),
    indices: sources.map(() => "small"),
    sources,
  });
  const indexed = sources.length - refusals.length;
  writer.settle({
    throughSeq: sources.length,
    indexed,
    dropped: 0,
    failed: refusals.length,
    failedObjects: [],
  });
  const reader = new IndexReader(db);
  const find = (query: string) => {
    try {
      const { hits, total } = reader.search({ query, size: 1000 });
      if (reader.count({ query }).count !== total) throw new Error(`count and search differ for ${query}`);
      return hits.map(({ _id }) => Number(_id)).sort((a, b) => a - b);
    } catch (error) {
      if (error instanceof QueryError) return "error" as const;
      throw error;
    }
  };
  const source = (place: number) =>
    reader.search({ query: "", size: 1000 }).hits.find(({ _id }) => _id === String(place))?.source ??
    "refused";
  return { refusals, find, source, reader, db };
}
