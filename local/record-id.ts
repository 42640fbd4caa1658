/** The RecordId of an answer: opaque, and unique in the stream. */
export const recordIdOf = (seq: number): string => `local${String(seq).padStart(20, "0")}`;

/** The number of the record that was answered this id; undefined where the text is none of ours. */
export function seqOfRecordId(text: string): number | undefined {
  const [, digits] = /^local(\d{20})$/.exec(text) ?? [];
  const seq = Number(digits);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}
