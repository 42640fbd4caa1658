/** Ranges of texts, in the order of their bytes. */

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
