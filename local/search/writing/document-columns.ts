/** Documents as the writer takes them in. */
import type { PackedDocuments } from "../../rooms";

/** Documents of one call, column by column: cheaper to hand to a worker than objects. */
export interface DocumentColumns {
  readonly seqs: Float64Array;
  readonly arrivalsMs: Float64Array;
  readonly ids: readonly string[];
  readonly indices: readonly string[];
  readonly sources: readonly string[];
}

const documentsAtOnce = 512;

/** Some hundred at a time: hardly a text outlives the young generation of its thread. */
export function* columnsOfPacked(parts: readonly PackedDocuments[]): Generator<DocumentColumns> {
  for (const { index, idPrefix, seqs, arrivalsMs, starts, ends, ...part } of parts) {
    const body = Buffer.from(part.body.buffer, part.body.byteOffset, part.body.byteLength);
    for (let from = 0; from < seqs.length; from += documentsAtOnce) {
      const some = seqs.subarray(from, from + documentsAtOnce);
      const ids: string[] = [];
      const sources: string[] = [];
      for (const [at, seq] of some.entries()) {
        ids.push(`${idPrefix}${seq}`);
        sources.push(body.toString("utf8", starts[from + at] as number, ends[from + at] as number));
      }
      const arrivals = arrivalsMs.subarray(from, from + documentsAtOnce);
      yield { seqs: some, arrivalsMs: arrivals, ids, indices: ids.map(() => index), sources };
    }
  }
}
