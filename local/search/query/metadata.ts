/** Fields of every document that are not part of its text, as OpenSearch 2.19 searches them. */
import { patternMatcher } from "../../name-pattern";
import { allDocuments, type Condition, noDocument } from "./condition";
import type { Bounds } from "./field-conditions";

/** A question to one of them. */
export type Question =
  | { readonly kind: "term" | "prefix"; readonly text: string }
  | { readonly kind: "exists" }
  | { readonly kind: "range"; readonly bounds: Bounds }
  /** Patterns, regular expressions, fuzzy terms: none of these fields knows them. */
  | { readonly kind: "other" };

/** Those that every document has. */
const everywhere = new Set(["_id", "_index", "_seq_no", "_version"]);
/** Those that cannot even be asked whether they are there. */
const closed = new Set(["_source", "_field_names", "_nested_path"]);
const others = new Set(["_routing", "_type", "_doc_count", "_primary_term", "_tier", "_score", "_feature"]);

export function isMetadata(name: string): boolean {
  return everywhere.has(name) || closed.has(name) || others.has(name);
}

/** A text instead of a condition says why the question cannot be answered. */
export function metadataCondition(name: string, question: Question, index: string): Condition | string {
  if (question.kind === "exists") {
    if (closed.has(name)) return `The field ${name} cannot be asked for`;
    return everywhere.has(name) ? allDocuments : noDocument;
  }
  if (name === "_seq_no") return "Numbers of _seq_no are those of a shard; this index has none";
  if (name === "_id" && question.kind === "term") return { kind: "id", id: question.text };
  if (name !== "_index" || question.kind === "other" || question.kind === "range") return noDocument;
  const pattern = question.kind === "prefix" ? `${question.text}*` : question.text;
  return patternMatcher(pattern)(index) ? allDocuments : noDocument;
}
