/** JSON text of hits, with `_source` spliced in as it is: a parse and print would change digits beyond 2^53. */
import type { Hit } from "../rooms";

/** `{"_index":"example-2026-03-01-09","_id":"1","_source":{…}}`; of several streams with `"_stream":"web"`. */
export function hitJson(hit: Hit): string {
  const ignored = hit.ignored === undefined ? "" : `"_ignored":${JSON.stringify(hit.ignored)},`;
  const stream = hit.stream === undefined ? "" : `"_stream":${JSON.stringify(hit.stream)},`;
  return `{"_index":${JSON.stringify(hit._index)},"_id":${JSON.stringify(hit._id)},${stream}${ignored}"_source":${hit.source}}`;
}

/** The same for the page, which shows the text itself: `_source` is a string, and what is known of it is beside it. */
export function hitWithTextJson({ source, ...known }: Hit): string {
  return JSON.stringify({ ...known, sourceText: source });
}

/** A line of NDJSON. Line breaks in JSON text stand between tokens only, so a blank does as well. */
export function hitLine(hit: Hit): string {
  return `${hitJson(hit).replace(/[\r\n]+/g, " ")}\n`;
}
