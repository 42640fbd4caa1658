import type { IndexDocument } from "../../../local/rooms";

/** So many documents in a row; every number in them follows from `firstSeq`. */
export const byeDocuments = (firstSeq: number, count: number): IndexDocument[] =>
  Array.from({ length: count }, (_, at) => {
    const seq = firstSeq + at;
    return {
      seq,
      id: `id-${seq}`,
      index: "example",
      arrivalMs: seq,
      source: `{"message":"bye world ${seq}"}`,
    };
  });
