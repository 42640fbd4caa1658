/** Calls made of their records, and records of calls. */
import type { CallRecords } from "../../local/call-records";

export const callOf = (...records: readonly (string | Buffer)[]): CallRecords => {
  const bytes = records.map((record) => Buffer.from(record));
  return { body: Buffer.concat(bytes), lengths: Uint32Array.from(bytes, ({ length }) => length) };
};

export function recordsIn({ body, lengths }: CallRecords): Buffer[] {
  let end = 0;
  return Array.from(lengths, (length) => {
    end += length;
    return body.subarray(end - length, end);
  });
}
