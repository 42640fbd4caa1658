/** A call with records as columns, on the function's side: nothing of a record is text before the function asks for it. */
import type { TransformEvent } from "../../firehose/transform";
import { numberedTexts } from "../numbered-texts";
import { type OutcomeColumns, outcomeKinds } from "../outcomes";

export interface RecordCall {
  /** The event but for its records. */
  readonly around: Omit<TransformEvent, "records">;
  readonly firstSeq: number;
  readonly arrivalsMs: Float64Array;
  /** Where each record ends in `body`. */
  readonly ends: Uint32Array;
  readonly body: Uint8Array;
}

/** An answer of the usual form: every id once and in its order, with nothing beside result and data. */
export interface RecordAnswer extends OutcomeColumns {
  /** Size of the answer as JSON. */
  readonly bytes: number;
}

/** The id of a record in the event: opaque to the function, unique in the stream. */
export const recordIdOf = (seq: number): string => String(seq).padStart(idLength, "0");

const idLength = 20;
const idForm = { before: "", digits: idLength, behind: "" };

/** Parts of one text. */
export function recordIdsOf({ firstSeq, ends: { length } }: Pick<RecordCall, "firstSeq" | "ends">): string[] {
  const text = numberedTexts(idForm, firstSeq, length);
  return Array.from({ length }, (_, at) => text.slice(at * idLength, (at + 1) * idLength));
}

export function eventOf(
  { around, arrivalsMs, ends, body }: RecordCall,
  ids: readonly string[],
): TransformEvent {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const records = ids.map((recordId, at) => ({
    recordId,
    approximateArrivalTimestamp: arrivalsMs[at] as number,
    data: bytes.toString("base64", at === 0 ? 0 : (ends[at - 1] as number), ends[at]),
  }));
  return { ...around, records };
}

const kindsByResult: Readonly<Record<string, number>> = {
  Ok: outcomeKinds.ok,
  Dropped: outcomeKinds.dropped,
  ProcessingFailed: outcomeKinds.failed,
};
const bytesAround = '{"records":[]}'.length;
const bytesOfRecord = '{"recordId":"","result":""},'.length;
const bytesOfData = ',"data":""'.length;

interface PlainRecord {
  readonly recordId: string;
  readonly result: string;
  readonly data?: string | undefined;
}

function isPlain(record: unknown): record is PlainRecord {
  if (typeof record !== "object" || record === null || Object.getPrototypeOf(record) !== Object.prototype)
    return false;
  for (const key in record) if (key !== "recordId" && key !== "result" && key !== "data") return false;
  const { data } = record as PlainRecord;
  return data === undefined || typeof data === "string";
}

function recordsOf(answer: unknown): readonly unknown[] | undefined {
  if (typeof answer !== "object" || answer === null || Object.keys(answer).join() !== "records")
    return undefined;
  const { records, toJSON } = answer as { records: unknown; toJSON?: unknown };
  return Array.isArray(records) && toJSON === undefined ? records : undefined;
}

/** Undefined: the answer has another form, and is read as the text that it would be. */
export function packAnswer(answer: unknown, ids: readonly string[]): RecordAnswer | undefined {
  const count = ids.length;
  const records = recordsOf(answer);
  if (records?.length !== count) return undefined;
  const kinds = new Uint8Array(count);
  // Behind the last record stands no comma.
  let bytes = bytesAround - Math.min(count, 1);
  let mostBytes = 0;
  for (let at = 0; at < count; at++) {
    const record = records[at];
    if (!isPlain(record) || record.recordId !== ids[at]) return undefined;
    const kind = kindsByResult[record.result];
    if (kind === undefined) return undefined;
    kinds[at] = kind;
    const units = record.data?.length ?? 0;
    bytes += bytesOfRecord + record.recordId.length + record.result.length;
    if (record.data !== undefined) bytes += bytesOfData + units;
    if (kind === outcomeKinds.ok) mostBytes += (units / 4) * 3;
  }
  const body = Buffer.from(new ArrayBuffer(Math.ceil(mostBytes)));
  const ends = new Uint32Array(count);
  let end = 0;
  for (let at = 0; at < count; at++) {
    if (kinds[at] === outcomeKinds.ok) {
      const { data = "" } = records[at] as PlainRecord;
      const length = body.write(data, end, "base64");
      const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
      // Base64 as it should be is ASCII, so that its size is known; what else there is Node skips.
      if (length === 0 || length !== (data.length / 4) * 3 - padding) return undefined;
      end += length;
    }
    ends[at] = end;
  }
  return { kinds, ends, body: new Uint8Array(body.buffer.transfer(end)), bytes };
}
