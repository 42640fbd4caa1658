/** JSON text of hits, with `_source` spliced in as it is: a parse and print would change digits beyond 2^53. */
import type { Hit } from "../rooms";

/** `{"_index":"example-2026-03-01-09","_id":"1","_source":{…}}` */
export function hitJson(hit: Hit): string {
  return `{"_index":${JSON.stringify(hit._index)},"_id":${JSON.stringify(hit._id)},"_source":${hit.source}}`;
}

/** The same for the page, which shows the text itself: `_source` is a string, and the time is beside it. */
export function hitWithTextJson({ _index, _id, source, timestampMs }: Hit): string {
  return JSON.stringify({ _index, _id, timestampMs, sourceText: source });
}

/** A line of NDJSON. Line breaks in JSON text stand between tokens only, so a blank does as well. */
export function hitLine(hit: Hit): string {
  return `${hitJson(hit).replace(/[\r\n]+/g, " ")}\n`;
}
