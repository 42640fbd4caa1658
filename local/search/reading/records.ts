/** Records of one index as a set of bits or as all but these, so that nobody need know which numbers have a document. */
import { RecordSet } from "../file/record-set";

export interface Records {
  readonly bits: RecordSet;
  readonly complement: boolean;
}

export const noRecords: Records = { bits: new RecordSet(), complement: false };

export function has({ bits, complement }: Records, seq: number): boolean {
  return bits.has(seq) !== complement;
}

function changed(bits: RecordSet, change: (copy: RecordSet) => void): RecordSet {
  const copy = bits.copy();
  change(copy);
  return copy;
}

/** What is in `a` and not in `b`. */
export function difference(a: Records, b: Records): Records {
  if (a.complement && b.complement)
    return { bits: changed(b.bits, (bits) => bits.remove(a.bits)), complement: false };
  if (a.complement) return { bits: changed(a.bits, (bits) => bits.addAll(b.bits)), complement: true };
  const bits = changed(a.bits, (copy) => (b.complement ? copy.keepOnly(b.bits) : copy.remove(b.bits)));
  return { bits, complement: false };
}

/** What is in one of them. */
export function union(a: Records, more: RecordSet): Records {
  const bits = changed(a.bits, (copy) => (a.complement ? copy.remove(more) : copy.addAll(more)));
  return { bits, complement: a.complement };
}

/** The members of `bits` that are in `records` too. */
export function common(bits: RecordSet, records: Records): RecordSet {
  return changed(bits, (copy) =>
    records.complement ? copy.remove(records.bits) : copy.keepOnly(records.bits),
  );
}
