/** Ranges of texts, in the order of their bytes. */
import { beginningBytes } from "../documents/value-list";

/** Which of the texts pass a test whose first bytes are the same: `beginningBytes` of them, as one number. */
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

/** The beginning of a text as one number, in the order of texts; a shorter one is taken as if zeros followed. */
function beginningOf(bytes: Buffer): number {
  return Buffer.concat([bytes], beginningBytes).readUIntBE(0, beginningBytes);
}

/** The same of all texts that have this beginning: a text is not before its beginning. */
export function rangeOfBeginning({
  low = "",
  high,
  includeLow,
  includeHigh,
}: Bounds): (beginning: number) => OfBeginning {
  const [lowBytes, highBytes] = [Buffer.from(low), high === undefined ? undefined : Buffer.from(high)];
  const lowest = beginningOf(lowBytes);
  // Of an end that is shorter than a beginning, all that begin with it come behind it.
  const isLowOpen = lowBytes.length - Number(includeLow) >= beginningBytes;
  const highest = highBytes === undefined ? Number.POSITIVE_INFINITY : beginningOf(highBytes);
  const isHighOpen = highBytes !== undefined && highBytes.length + Number(includeHigh) > beginningBytes;
  return (beginning) => {
    if (beginning < lowest || beginning > highest) return "none";
    if (beginning === highest) return isHighOpen ? "some" : "none";
    return beginning === lowest && isLowOpen ? "some" : "all";
  };
}
