/**
 * How query_string answers, as observed on a real OpenSearch 2.19.4: documents, and for each query the places of the
 * documents it finds. The unit tests ask the embedded index, the differential test asks the real node.
 */
export interface Fact {
  readonly title: string;
  /** Objects, or JSON as text. */
  readonly documents: readonly unknown[];
  readonly answers: Readonly<Record<string, readonly number[] | "error">>;
}

/** Documents of one text field. */
export const m = (...texts: readonly string[]): { m: string }[] => texts.map((text) => ({ m: text }));
