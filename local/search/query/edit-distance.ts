/** Fuzzy terms: tokens within one or two edits, a swap of neighbours counted as one. */

/** Edits that `~` without a number allows for a term: none below 3 characters, one below 6, else two. */
export function automaticEdits(term: string): number {
  const length = [...term].length;
  return length < 3 ? 0 : length < 6 ? 1 : 2;
}

/** A test whether a text is at most `edits` away from the term. */
export function withinEdits(term: string, edits: number): (value: string) => boolean {
  const wanted = [...term];
  return (value) => {
    const chars = [...value];
    if (Math.abs(chars.length - wanted.length) > edits) return false;
    let twoBack: number[] = [];
    let back = Array.from({ length: chars.length + 1 }, (_, at) => at);
    for (let row = 1; row <= wanted.length; row++) {
      const line = [row];
      for (let at = 1; at <= chars.length; at++) {
        const cost = wanted[row - 1] === chars[at - 1] ? 0 : 1;
        let best = Math.min(
          (back[at] as number) + 1,
          (line[at - 1] as number) + 1,
          (back[at - 1] as number) + cost,
        );
        const swapped =
          row > 1 && at > 1 && wanted[row - 1] === chars[at - 2] && wanted[row - 2] === chars[at - 1];
        if (swapped) best = Math.min(best, (twoBack[at - 2] as number) + 1);
        line.push(best);
      }
      twoBack = back;
      back = line;
    }
    return (back[chars.length] as number) <= edits;
  };
}
