/** Reads JSON answers of servers that may be anything: bounded in bytes, and in time by the request's own signal. */
import { notJson, tooLongAnswer } from "../errors";

/** The answer to a `_bulk` of 1 MB whose documents are all refused has some hundred kB. */
const maxBytes = 16 * 1024 * 1024;

/** The text of an answer. Throws where it is longer than allowed. */
export async function boundedText(answer: Response, limitBytes = maxBytes): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw tooLongAnswer(limitBytes); // Leaving the loop closes the connection.
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The begin of an answer's text, for people. */
export async function beginOf(answer: Response): Promise<string> {
  const text = await boundedText(answer, 64 * 1024).catch(() => "");
  return text.slice(0, 200);
}

/** The JSON object of an answer; throws where it is none. */
export async function jsonObject(answer: Response, limitBytes = maxBytes): Promise<Record<string, unknown>> {
  const text = await boundedText(answer, limitBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notJson(text);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notJson(text);
  return value as Record<string, unknown>;
}
