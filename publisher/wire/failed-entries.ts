/**
 * Reads the answer to PutRecordBatch: one entry per record, in the order of the request, each with a RecordId or an
 * ErrorCode. An answer without that is not an answer, whatever its status and its count say.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
import { notAnAnswer } from "../errors";
import type { FailedEntry } from "./send";

/** The entries that were not accepted. Throws where the answer does not say what became of each of the records. */
export function failedEntries(body: Buffer, records: number): readonly FailedEntry[] {
  if (saysAllAccepted(body, records)) return [];
  const { FailedPutCount, RequestResponses: entries } = objectOf(body);
  if (!Array.isArray(entries)) throw notAnAnswer("it has no RequestResponses");
  if (entries.length !== records) throw notAnAnswer(`${entries.length} entries for ${records} records`);
  const failed = entries.flatMap((entry: unknown, position) => failureOfEntry(entry, position) ?? []);
  if (typeof FailedPutCount === "number" && FailedPutCount > failed.length)
    throw notAnAnswer(`FailedPutCount ${FailedPutCount}, and ${failed.length} entries with an ErrorCode`);
  return failed;
}

function failureOfEntry(entry: unknown, position: number): FailedEntry | undefined {
  const { RecordId, ErrorCode, ErrorMessage } = (entry ?? {}) as Record<string, unknown>;
  if (ErrorCode !== undefined && ErrorCode !== null && ErrorCode !== "") {
    const errorMessage = typeof ErrorMessage === "string" ? ErrorMessage.slice(0, 1000) : "";
    return { position, errorCode: String(ErrorCode).slice(0, 100), errorMessage };
  }
  if (typeof RecordId === "string" && RecordId !== "") return undefined;
  throw notAnAnswer(`entry ${position + 1} has neither RecordId nor ErrorCode`);
}

function objectOf(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw notAnAnswer(body.length === 0 ? "it is empty" : `no JSON, it begins with ${begin(body)}`);
  }
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw notAnAnswer(`no JSON object, it begins with ${begin(body)}`);
}

const begin = (body: Buffer): string => JSON.stringify(body.toString("utf8", 0, 40));

const errorCode = Buffer.from('ErrorCode"');
const end = Buffer.from("]}");

/**
 * Plain success without parsing, which takes most of a call's time: the count 0 stands in front of the entries, within
 * the first 200 bytes, no entry has an error, and there are as many ids as records.
 */
function saysAllAccepted(body: Buffer, records: number): boolean {
  const start = body.toString("latin1", 0, 200);
  const count = start.indexOf('"FailedPutCount":0,');
  if (count <= 0 || start.lastIndexOf("[", count) >= 0) return false;
  // The search is for its first letter, which is rarer than a quotation mark.
  if (body.indexOf(errorCode) >= 0 || !body.subarray(-2).equals(end)) return false;
  return idsIn(body) === records;
}

const recordId = Buffer.from('"RecordId":"');
const QUOTE = 0x22;
/** How far the text searched for can be moved on where its last byte lies over this one: to the next that is the same. */
const steps = new Uint8Array(256).fill(recordId.length);
for (let n = 0; n < recordId.length - 1; n++) steps[recordId[n]!] = recordId.length - 1 - n;

/** Ids that are not empty, by Horspool's search: a call of `indexOf` for each takes four times as long. */
function idsIn(body: Buffer): number {
  let ids = 0;
  for (let at = recordId.length - 1; at < body.length; at += steps[body[at]!]!) {
    if (body[at] === QUOTE && body[at + 1] !== QUOTE && isRecordId(body, at + 1 - recordId.length)) ids++;
  }
  return ids;
}

function isRecordId(body: Buffer, at: number): boolean {
  for (let n = 0; n < recordId.length; n++) if (body[at + n] !== recordId[n]) return false;
  return true;
}
