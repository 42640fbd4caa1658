/** Records cut into calls of PutRecordBatch, and each call made until all of it is taken, within a serialized function. */
import { maxBatchBytes, maxRecordBytes, maxRecordsPerBatch } from "../../firehose/limits";

export interface PutAnswer {
  readonly RequestResponses?: readonly { readonly ErrorCode?: string }[];
}

/** Places of the records for each call; a record that is too large for any is in none. */
export function createCut() {
  const maxRecord = maxRecordBytes;
  const maxBatch = maxBatchBytes;
  const maxRecords = maxRecordsPerBatch;
  return (records: readonly Uint8Array[]): number[][] => {
    const calls: number[][] = [];
    let call: number[] = [];
    let bytes = 0;
    records.forEach((record, place) => {
      if (record.length > maxRecord) return;
      if (call.length === maxRecords || bytes + record.length > maxBatch) {
        calls.push(call);
        call = [];
        bytes = 0;
      }
      call.push(place);
      bytes += record.length;
    });
    if (call.length > 0) calls.push(call);
    return calls;
  };
}

/**
 * Makes each call until every record of it was taken: only those that were not are sent again, after a random pause that
 * doubles, six times at most. Then `taken` says which were. It resolves to whether a later try may help.
 */
export function createPut() {
  const maxAttempts = 6;
  const firstPauseMs = 100;
  const { random } = Math;
  const { warn } = console;
  const wait = setTimeout;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void wait(resolve, ms));
  const final = /^(?:ResourceNotFound|AccessDenied|InvalidArgument|InvalidKMSResource|Validation)/;
  return async (
    send: (data: Uint8Array[]) => Promise<PutAnswer>,
    records: readonly Uint8Array[],
    places: readonly number[],
    taken: boolean[],
  ): Promise<boolean> => {
    let left = places;
    for (let attempt = 1; left.length > 0; attempt++) {
      try {
        const { RequestResponses = [] } = await send(left.map((place) => records[place]!));
        left.forEach((place, i) => {
          const response = RequestResponses[i];
          if (response && !response.ErrorCode) taken[place] = true;
        });
        left = left.filter((place) => !taken[place]);
      } catch (error) {
        const { name } = error as Error;
        if (attempt === 1 || final.test(name)) warn(`putting documents again: ${name}`);
        if (final.test(name)) return false;
      }
      if (attempt === maxAttempts) break;
      if (left.length > 0) await pause(random() * firstPauseMs * 2 ** (attempt - 1));
    }
    return true;
  };
}
