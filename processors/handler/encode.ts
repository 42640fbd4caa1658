/**
 * Documents as they leave: with a time, on one line, in base64. The rest of a document is not rewritten.
 *
 * Firehose writes documents into a `_bulk` body line by line, so that a line break within one would corrupt its
 * neighbours. In JSON text that is a blank as any other.
 */

export type Encode = (text: string | undefined, source: string, arrivalMs: number) => string;

/**
 * Gives base64 of a text, or of the source where the text is undefined: there each byte is a character, so that bytes
 * which are not UTF-8 stay as they are, and data that needs no change is handed on to the letter. With a negative
 * `arrivalMs` the document gets no time.
 *
 * The time is `@timestamp` behind the first brace of an object that has none; one that is null is replaced. A text that
 * is no object stays as it is. Most records of a batch arrived in the same few milliseconds.
 *
 * Keys of objects within the object do not count; `\u0040timestamp` is the same name. A string is one part, as it may
 * hold braces; one that does not end is the last, so that each character is looked at once.
 */
export const createEncode = (): Encode => {
  const from = Buffer.from.bind(Buffer) as (text: string) => Buffer;
  // Room for most texts: a buffer for each would be garbage for each.
  const [decode, encode, room] = [atob, btoa, from(" ".repeat(9e3))];
  const open = /^(?:\ufeff|\xef\xbb\xbf)?[ \t\r\n]*\{(?=[ \t\r\n]*(["}]))/;
  const parts = /"([^"\\]*(?:\\[^]?[^"\\]*)*)(?:"|$)(?:\s*(:)\s*(null)?)?|[{}[\]]/g;
  let [lastMs, time] = [-1, ""];
  const withTime = (text: string, arrivalMs: number): string => {
    const { 0: start, 1: next } = text.startsWith('{"') ? '{"' : (open.exec(text) ?? "");
    // Most processors' documents have their time in front.
    if (!start || !(arrivalMs >= 0 && arrivalMs < 8.6e15) || text.startsWith('{"@timestamp":"')) return text;
    // eslint-disable-next-line closure/no-slow-name -- once for all records of a millisecond
    if (arrivalMs !== lastMs) time = `"@timestamp":"${new Date(arrivalMs).toISOString()}",`;
    lastMs = arrivalMs;
    let depth = 0;
    const keys = text.includes("@timestamp") || text.includes("\\u00") ? text.matchAll(parts) : [];
    for (const { 0: part, 1: key, 2: colon, 3: none, index } of keys) {
      depth += "{[".includes(part) ? 1 : 0;
      if ("}]".includes(part) && --depth === 0) break;
      const end = index + part.length;
      // biome-ignore format: one line of the function's text
      // eslint-disable-next-line closure/no-slow-name -- hardly ever
      if (colon && depth < 2 && key!.replace(/\\u00[4-7][\da-f]/gi, (c) => JSON.parse(`"${c}"`)) === "@timestamp")
        return none ? text.slice(0, end - 4) + time.slice(13, -1) + text.slice(end) : text;
    }
    return start + (next === "}" ? time.slice(0, -1) : time) + text.slice(start.length);
  };
  const onOneLine = (text: string): string => {
    let end = text.length;
    while (" \t\r\n".includes(text[end - 1]!)) end--;
    const body = text.slice(0, end);
    // biome-ignore format: one line of the function's text
    return body.includes("\n") || body.includes("\r") ? body.replace(/[\r\n]/g, " ") + text.slice(end) : text;
  };
  return (text, source, arrivalMs) => {
    const all = text ?? decode(source);
    const line = onOneLine(withTime(all, arrivalMs));
    if (text == null) return line === all ? source : encode(line);
    // A UTF-16 unit takes three bytes at the most.
    return line.length > 3e3 ? from(line).toString("base64") : room.toString("base64", 0, room.write(line));
  };
};
