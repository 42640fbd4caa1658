/** The RecordId of an answer: opaque, and unique in the stream. */
export const recordIdOf = (seq: number): string => `local${String(seq).padStart(20, "0")}`;
