/**
 * Records as processors see them, and documents as they leave: with a time, on one line, in base64. The rest of a
 * document is not rewritten.
 *
 * Firehose writes documents into a `_bulk` body line by line, so that a line break within one would corrupt its
 * neighbours. In JSON text that is a blank as any other.
 */
import type { TransformEventRecord } from "../../firehose/transform";
import type { SourceRecord } from "../processor";

/**
 * `encode` gives base64 of a text, or of the source where the text is undefined: there each byte is a character, so
 * that bytes which are not UTF-8 stay as they are, and data that needs no change is handed on to the letter. With a
 * negative `arrivalMs` the document gets no time.
 */
export function createCodec() {
  const from = Buffer.from.bind(Buffer) as (text: string, encoding?: BufferEncoding) => Buffer;
  const decode = atob;
  const encode = btoa;
  const withTime = createWithTime();
  const breaks = /[\r\n]/g;
  const hasBreak = (text: string): boolean => text.includes("\n") || text.includes("\r");
  const finish = (text: string, arrivalMs: number): string => {
    const document = withTime(text, arrivalMs);
    if (!hasBreak(document)) return document;
    let end = document.length;
    while (" \t\r\n".includes(document[end - 1]!)) end--;
    const body = document.slice(0, end);
    return hasBreak(body) ? body.replace(breaks, " ") + document.slice(end) : document;
  };
  return {
    read: ({ recordId, approximateArrivalTimestamp, data }: TransformEventRecord): SourceRecord => {
      const bytes = () => from(data, "base64");
      const text = () => {
        const whole = bytes().toString();
        return whole.endsWith("\n") ? whole.slice(0, whole.endsWith("\r\n") ? -2 : -1) : whole;
      };
      return { recordId, approximateArrivalTimestamp, text, bytes };
    },
    encode: (text: string | undefined, source: string, arrivalMs: number): string => {
      if (typeof text === "string") return from(finish(text, arrivalMs)).toString("base64");
      const bytes = decode(source);
      const document = finish(bytes, arrivalMs);
      return document === bytes ? source : encode(document);
    },
  };
}

/**
 * Puts `@timestamp` behind the first brace of an object that has none; one that is null is replaced. A text that
 * is no object stays as it is. Most records of a batch arrived in the same few milliseconds.
 *
 * `placeOfTime` is where the value null of the object's own `@timestamp` stands, 0 where it has no `@timestamp`, -1
 * where it has a time. Keys of objects within it do not count; `\u0040timestamp` is the same name. A string is one
 * part, as it may hold braces; one that does not end is the last, so that each character is looked at once.
 */
function createWithTime() {
  const open = /^(?:\ufeff|\xef\xbb\xbf)?[ \t\r\n]*\{(?=[ \t\r\n]*(["}]))/;
  const parts = /"([^"\\]*(?:\\[^]?[^"\\]*)*)(?:"|$)(?:\s*(:)\s*(null)?)?|[{}[\]]/g;
  const spelledOut = /\\u00[4-7][0-9a-f]/gi;
  const { parse } = JSON;
  const OfMs = Date;
  let lastMs = -1;
  let time = "";
  const placeOfTime = (text: string): number => {
    let depth = 0;
    parts.lastIndex = 0;
    for (let found = parts.exec(text); found !== null; found = parts.exec(text)) {
      const { 0: part, 1: key = "", 2: colon, 3: none, index } = found;
      if ("{[".includes(part)) depth++;
      else if ("}]".includes(part)) depth--;
      else if (depth === 1 && colon && key.replace(spelledOut, (c) => parse(`"${c}"`)) === "@timestamp")
        return none ? index + part.length - 4 : -1;
      if (depth === 0) break;
    }
    return 0;
  };
  return (text: string, arrivalMs: number): string => {
    let start = "{";
    let next = '"';
    if (!text.startsWith('{"')) [start = "", next = ""] = open.exec(text) ?? [];
    // Most processors' documents have their time in front.
    if (!start || !(arrivalMs >= 0 && arrivalMs < 8.6e15) || text.startsWith('{"@timestamp":"')) return text;
    if (arrivalMs !== lastMs) time = `"${new OfMs(arrivalMs).toISOString()}"`;
    lastMs = arrivalMs;
    const place = text.includes("@timestamp") || text.includes("\\u00") ? placeOfTime(text) : 0;
    if (place < 0) return text;
    if (place > 0) return text.slice(0, place) + time + text.slice(place + 4);
    return `${start}"@timestamp":${time}${next === "}" ? "" : ","}${text.slice(start.length)}`;
  };
}
