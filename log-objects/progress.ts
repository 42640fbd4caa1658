/** Which records of an object the stream has taken. */
import type { Progress } from "./notes";
import type { From } from "./read-records";
import type { Cut } from "./split";

export type Taken = ReturnType<typeof createProgress>;

/** All up to one, and some behind it where a call was taken in part. */
export function createProgress({ records, bytes = 0, isPacked = false, also = [] }: Progress) {
  /** Their ends, unknown of those that an earlier call has noted until they are read again. */
  const behind = new Map<number, number | undefined>(also.map((place) => [place, undefined]));
  let start: From = { records, bytes, isPacked };
  const has = ({ place, end }: Cut): boolean => {
    if (place < start.records) return true;
    if (!behind.has(place)) return false;
    behind.set(place, end);
    return true;
  };
  return {
    has,
    add: (cuts: readonly Cut[], isTextPacked: boolean): void => {
      for (const { place, end } of cuts) behind.set(place, end);
      for (let end: number | undefined; ; ) {
        end = behind.get(start.records);
        if (end === undefined) return;
        behind.delete(start.records);
        start = { records: start.records + 1, bytes: end || 0, isPacked: isTextPacked };
      }
    },
    count: (): number => start.records + behind.size,
    /** Where reading goes on; from the first byte on where nothing can begin behind the last record. */
    start: (): From => (start.bytes > 0 ? start : { records: 0, bytes: 0, isPacked: false }),
    noted: (): Progress => ({ ...start, ...(behind.size > 0 ? { also: [...behind.keys()] } : {}) }),
  };
}
