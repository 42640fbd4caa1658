/** Why the function failed a record: the answer has no place for it, so it is in the function's log. */

/** Marks a line of the log: `{"processingFailed":{"reason":"…","count":2,"recordIds":["…","…"]}}`. */
export const reasonsMark = '"processingFailed"';

/** The reason of each record that lines of the log name, by record id. */
export function reasonsIn(lines: readonly string[]): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const line of lines) {
    const { reason, recordIds } = failureIn(line) ?? {};
    if (typeof reason !== "string" || !Array.isArray(recordIds)) continue;
    for (const id of recordIds) reasons.set(String(id), reason);
  }
  return reasons;
}

interface Failure {
  readonly reason?: unknown;
  readonly recordIds?: unknown;
}

/** In the log's JSON format what was printed is its `message`; in the text format it stands behind time, id and level. */
function failureIn(line: string): Failure | undefined {
  const entry = parse(line.slice(line.indexOf("{")));
  const { message } = entry;
  const printed = typeof message === "string" ? parse(message) : (message ?? entry);
  return (printed as { processingFailed?: Failure } | undefined)?.processingFailed;
}

/** Lines of others are no business of ours, whatever they are. */
function parse(text: string): { readonly message?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}
