/** The text of a document: checked for double keys, `@timestamp` added. */

/** The number of `:` that stand outside strings: one per member of an object. The text is valid JSON. */
function countMembers(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 58) count++;
    else if (code === 34) {
      for (at++; text.charCodeAt(at) !== 34; at++) if (text.charCodeAt(at) === 92) at++;
    }
  }
  return count;
}

/** Whether valid JSON with `members` distinct members (all objects together) has a key twice in one object. */
export function hasDoubleKey(text: string, members: number): boolean {
  let colons = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) colons++;
  return colons > members && countMembers(text) > members;
}

/** Adds `@timestamp` to the text of an object that has none (or a null one), leaving every other byte alone. */
export function withTimestamp(text: string, arrivalMs: number): string {
  const time = `"${new Date(arrivalMs).toISOString()}"`;
  const span = nullTimestamp(text);
  if (span !== undefined) return text.slice(0, span.start) + time + text.slice(span.end);
  const end = text.lastIndexOf("}");
  const empty = /^\s*\{\s*$/.test(text.slice(0, end));
  return `${text.slice(0, end).trimEnd()}${empty ? "" : ","}"@timestamp":${time}${text.slice(end)}`;
}

/** Where the `null` of a top-level `"@timestamp":null` stands. */
function nullTimestamp(text: string): { start: number; end: number } | undefined {
  if (!text.includes('"@timestamp"')) return undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    else if (char === '"') {
      const start = at;
      for (at++; text[at] !== '"'; at++) if (text[at] === "\\") at++;
      const found = depth === 1 && /^"@timestamp"\s*:\s*null/.exec(text.slice(start, start + 200));
      if (found) return { start: start + found[0].length - 4, end: start + found[0].length };
    }
  }
  return undefined;
}
