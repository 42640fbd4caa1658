/** Ranges of texts, in the order of their bytes. */

/** Which of the texts that begin alike pass a test. */
export type OfBeginning = "all" | "some" | "none";

/** One end of a range; undefined is open. */
export interface Bounds {
  readonly low: string | undefined;
  readonly high: string | undefined;
  readonly includeLow: boolean;
  readonly includeHigh: boolean;
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function stringRange({ low, high, includeLow, includeHigh }: Bounds): (value: string) => boolean {
  return (value) => {
    if (low !== undefined) {
      const order = compare(value, low);
      if (order < 0 || (order === 0 && !includeLow)) return false;
    }
    if (high === undefined) return true;
    const order = compare(value, high);
    return order < 0 || (order === 0 && includeHigh);
  };
}

/** The same of all texts that have this beginning: a text is not before its beginning. */
export function rangeOfBeginning(bounds: Bounds): (beginning: Buffer) => OfBeginning {
  const low = bounds.low === undefined ? undefined : Buffer.from(bounds.low);
  const high = bounds.high === undefined ? undefined : Buffer.from(bounds.high);
  const startsWith = (end: Buffer, beginning: Buffer) => end.subarray(0, beginning.length).equals(beginning);
  const aboveLow = (beginning: Buffer): OfBeginning => {
    const order = low === undefined ? 1 : Buffer.compare(beginning, low);
    if (low === undefined || order > 0 || (order === 0 && bounds.includeLow)) return "all";
    return startsWith(low, beginning) ? "some" : "none";
  };
  const belowHigh = (beginning: Buffer): OfBeginning => {
    if (high === undefined) return "all";
    const order = Buffer.compare(beginning, high);
    if (order > 0 || (order === 0 && !bounds.includeHigh)) return "none";
    return startsWith(high, beginning) ? "some" : "all";
  };
  return (beginning) => {
    const [above, below] = [aboveLow(beginning), belowHigh(beginning)];
    if (above === "none" || below === "none") return "none";
    return above === "all" && below === "all" ? "all" : "some";
  };
}
