/**
 * Tokens within one or two edits of a term, in their order: the table of distances is kept byte by byte for what a token
 * has in common with the one before, and once a beginning is too far away so is all that begins with it.
 */
import type { TokenTest } from "../file/token-segments";

const mostCharacters = 64;
const ascii = 128;

/** Of terms like this one a byte is a character. */
export const isPlain = (term: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins at NUL
  term.length <= mostCharacters && /^[\u0000-\u007f]*$/.test(term);

/** @param test for tokens beyond ASCII */
export function nearTo(term: string, edits: number, test: (token: string) => boolean): TokenTest {
  const table = new DistanceTable(Buffer.from(term), edits);
  /** Lines of the table that are known of the token before. */
  let lines = 0;
  let isTooFar = false;
  return (bytes, begin, end, same = 0) => {
    const kept = Math.max(0, Math.min(same, end) - begin);
    if (isTooFar && kept >= lines) return false;
    lines = Math.min(lines, kept);
    isTooFar = false;
    for (let at = begin + lines; at < end; at++) {
      if ((bytes[at] as number) >= ascii) return test(bytes.toString("utf8", begin, end));
      isTooFar =
        table.addLine(++lines, bytes[at] as number, lines > 1 ? (bytes[at - 1] as number) : -1) > edits;
      if (isTooFar) return false;
    }
    return table.distance(lines) <= edits;
  };
}

class DistanceTable {
  private readonly width: number;
  private readonly cells: Uint8Array;

  constructor(
    private readonly term: Buffer,
    edits: number,
  ) {
    this.width = term.length + 1;
    // A text that is longer by one edit more is too far away.
    this.cells = new Uint8Array(this.width * (term.length + edits + 2));
    for (let at = 0; at < this.width; at++) this.cells[at] = at;
  }

  distance(line: number): number {
    return this.cells[line * this.width + this.width - 1] as number;
  }

  /** The distances of so many bytes from each beginning of the term; gives the least. A swap of neighbours is one edit. */
  addLine(line: number, byte: number, byteBefore: number): number {
    const { term, cells, width } = this;
    const start = line * width;
    const back = start - width;
    const twoBack = back - width;
    cells[start] = line;
    let least = line;
    for (let at = 1; at < width; at++) {
      const char = term[at - 1] as number;
      let best = (cells[back + at - 1] as number) + (char === byte ? 0 : 1);
      best = Math.min(best, (cells[back + at] as number) + 1, (cells[start + at - 1] as number) + 1);
      if (at > 1 && line > 1 && char === byteBefore && term[at - 2] === byte)
        best = Math.min(best, (cells[twoBack + at - 2] as number) + 1);
      cells[start + at] = best;
      if (best < least) least = best;
    }
    return least;
  }
}
