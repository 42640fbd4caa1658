/**
 * How many matches lie between two record numbers. In an index whose times never go back, documents only come at the
 * end: a count that lies before it holds for ever and is kept, so that a page that asks the same every second costs
 * what is new.
 */

/** A long range is counted in blocks, so that the next one, with other ends, finds most of it counted. */
const blockRecords = 65_536;
const shortRecords = 8 * blockRecords;
const questionsKept = 32;
const rangesKept = 4_000;

export class RangeCounts {
  /** By question, the one asked longest ago first. */
  private readonly kept = new Map<string, Map<string, number>>();

  /**
   * Matches among the records from `low` to `high`, none of which is beyond the last one of the index. The question
   * names the index and all that the answer depends on; `read` counts what is not known yet.
   */
  count(question: string, low: number, high: number, read: (from: number, to: number) => number): number {
    const ranges = this.ranges(question);
    const count = (from: number, to: number): number => {
      const key = `${from} ${to}`;
      const known = ranges.get(key);
      if (known !== undefined) return known;
      const found = read(from, to);
      if (ranges.size >= rangesKept) ranges.clear();
      ranges.set(key, found);
      return found;
    };
    // A short range is a bar of a histogram, which is asked for again as it is.
    if (high - low < shortRecords) return count(low, high);
    let sum = 0;
    for (let from = low; from <= high; ) {
      const to = Math.min(high, from - (from % blockRecords) + blockRecords - 1);
      sum += count(from, to);
      from = to + 1;
    }
    return sum;
  }

  private ranges(question: string): Map<string, number> {
    const ranges = this.kept.get(question) ?? new Map<string, number>();
    this.kept.delete(question);
    this.kept.set(question, ranges);
    if (this.kept.size > questionsKept) this.kept.delete(this.kept.keys().next().value as string);
    return ranges;
  }
}
