/**
 * A document as it leaves: with a time, on one line, in base64. The rest of it is not rewritten.
 *
 * Firehose writes documents into a `_bulk` body line by line, so that a line break within one would corrupt its
 * neighbours. In JSON text that is a blank as any other.
 */

/**
 * Base64 of a text, or of the source where the text is undefined: there each byte is a character, so that bytes which
 * are not UTF-8 stay as they are, and data that needs no change is handed on to the letter. With a negative
 * `arrivalMs` the document gets no time.
 */
export function createEncode() {
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: BufferEncoding) => Buffer;
  const { atob = (data: string) => from(data, "base64").toString("latin1") } = globalThis;
  const { btoa = (bytes: string) => from(bytes, "latin1").toString("base64") } = globalThis;
  const withTime = createWithTime();
  const breaks = /[\r\n]/g;
  const onOneLine = (text: string): string => {
    if (!text.includes("\n") && !text.includes("\r")) return text;
    let end = text.length;
    while (" \t\r\n".includes(text[end - 1]!)) end--;
    return text.slice(0, end).replace(breaks, " ") + text.slice(end);
  };
  return (text: string | undefined, source: string, arrivalMs: number): string => {
    if (text !== undefined) return from(onOneLine(withTime(text, arrivalMs)), "utf8").toString("base64");
    const bytes = atob(source);
    const document = onOneLine(withTime(bytes, arrivalMs));
    return document === bytes ? source : btoa(document);
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
  const parts = /"([^"\\]*(?:\\[^]?[^"\\]*)*)(?:"|$)(?:[ \t\r\n]*(:)[ \t\r\n]*(null)?)?|[{}[\]]/g;
  const spelledOut = /\\u00[4-7][0-9a-f]/gi;
  const { parse } = JSON;
  let lastMs = -1;
  let time = "";
  const placeOfTime = (text: string): number => {
    let depth = 0;
    parts.lastIndex = 0;
    for (const { 0: part, 1: key = "", 2: colon, 3: none = "", index } of text.matchAll(parts)) {
      if ("{[".includes(part)) depth++;
      else if ("}]".includes(part)) depth--;
      if (depth === 0) break;
      if (depth > 1 || !colon || key.length > 60) continue;
      if (key.replace(spelledOut, (letter) => parse(`"${letter}"`)) !== "@timestamp") continue;
      return none ? index + part.length - none.length : -1;
    }
    return 0;
  };
  return (text: string, arrivalMs: number): string => {
    let start = "{";
    let next = '"';
    if (!text.startsWith('{"')) [start = "", next = ""] = open.exec(text) ?? [];
    if (!start || !(arrivalMs >= 0 && arrivalMs < 8.6e15)) return text;
    if (arrivalMs !== lastMs) time = `"${new Date(arrivalMs).toISOString()}"`;
    lastMs = arrivalMs;
    if (text.includes("@timestamp") || text.includes("\\u00")) {
      const place = placeOfTime(text);
      if (place < 0) return text;
      if (place > 0) return text.slice(0, place) + time + text.slice(place + "null".length);
    }
    return `${start}"@timestamp":${time}${next === "}" ? "" : ","}${text.slice(start.length)}`;
  };
}
