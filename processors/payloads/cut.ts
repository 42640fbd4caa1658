/** A document no larger than a record may be, as it goes into the stream and into failed records as one. */
import { maxRecordBytes } from "../../firehose/limits";
import type { JsonObject } from "../json/json-object";

/**
 * JSON text of a document. FIRST `json` is left out, which repeats what is in the message; THEN the message is cut at
 * a character; THEN, where that was not it, all long texts are. `event.cut_bytes` says how much is missing here; the
 * backup has it all.
 */
export function createCut() {
  const { stringify } = JSON;
  const { floor } = Math;
  const lengths = [10_000, 1000, 100];
  const bytesOf = Buffer.byteLength.bind(Buffer);
  // Room for the line end, and for a time where the event has none.
  const maxBytes = maxRecordBytes - 100;
  const fits = (text: string): boolean => text.length * 3 <= maxBytes || bytesOf(text) <= maxBytes;
  return (document: JsonObject & { readonly event: object; readonly message: string }): string => {
    const whole = stringify(document);
    if (fits(whole)) return whole;
    const { json, ...bare } = document;
    let text = json == null ? whole : stringify(bare);
    let { message } = document;
    const messageBytes = bytesOf(message);
    while (!fits(text) && message !== "") {
      message = message.slice(0, floor((message.length * maxBytes) / bytesOf(text) - 10));
      if (/[\ud800-\udbff]$/.test(message)) message = message.slice(0, -1);
      const event = { ...bare.event, cut_bytes: messageBytes - bytesOf(message) };
      text = stringify({ ...bare, event, message });
    }
    for (const most of lengths) {
      if (fits(text)) break;
      const shorter = (_key: string, value: unknown): unknown =>
        typeof value === "string" && value.length > most ? value.slice(0, most) : value;
      const cut_bytes = bytesOf(whole) - bytesOf(stringify(bare, shorter));
      text = stringify({ ...bare, event: { ...bare.event, cut_bytes }, message }, shorter);
    }
    return text;
  };
}
