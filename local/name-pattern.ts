/**
 * Names with `*` for any characters. Matched without a regular expression: one made of a pattern from outside, such as
 * `****x`, tries every way to divide a name among its stars, and holds its thread for good.
 */

/** Whether a name is one of the list: names and patterns, joined by commas, as OpenSearch takes them for indices. */
export function namesMatcher(list: string): (name: string) => boolean {
  const matchers = list.split(",").map(patternMatcher);
  return (name) => matchers.some((matches) => matches(name));
}

/** The pieces between stars must follow each other: the leftmost place of each leaves the most for the rest. */
export function patternMatcher(pattern: string): (name: string) => boolean {
  const pieces = pattern.split("*");
  const first = pieces[0] as string;
  if (pieces.length === 1) return (name) => name === first;
  const last = pieces.at(-1) as string;
  const between = pieces.slice(1, -1).filter((piece) => piece !== "");
  return (name) => {
    const end = name.length - last.length;
    if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    for (const piece of between) {
      const found = name.indexOf(piece, at);
      if (found < 0 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}
