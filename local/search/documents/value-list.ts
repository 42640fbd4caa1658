/**
 * The whole values of one field. The first distinct ones are listed, and a document says by number which it has; of any
 * other it says how it begins and how long it is, so that few documents need be read for a question on such values.
 */

const mostListed = 1000;
const longestListedUnits = 256;
/** So many are listed of a field in any case, more only where one in ten is not new: of ids, hardly one is. */
const listedAnyway = 256;
const documentsPerValue = 1.1;
/** Over all fields of the index. */
const mostListedInAll = 20_000;

/** A value of fewer bytes is told whole. */
export const beginningBytes = 3;
/** The length of all that are longer, in UTF-16 units. */
export const longUnits = 35;

/** How many values are listed in the index. */
export interface ListedInAll {
  listed: number;
}

/** As it is kept in the file; nothing of a field that was read before values had beginnings. */
export interface StoredValues {
  /** All values. */
  readonly values?: readonly string[];
  /** Those that are listed, where there are others. */
  readonly firstValues?: readonly string[];
  /** No more are listed. */
  readonly full?: true;
}

export class ValueList {
  /** With their numbers. */
  readonly numbers = new Map<string, number>();
  /** Whether there are others, which have left their beginning. */
  hasOthers = false;
  /** Of an earlier version: there are others that have left nothing. */
  hasUnknown = false;
  /** Counts what is not in the file yet. */
  changes = 0;
  private isFull = false;
  private seen = 0;

  static restore({ values, firstValues, full }: StoredValues): ValueList {
    const list = new ValueList();
    for (const value of values ?? firstValues ?? []) list.numbers.set(value, list.numbers.size);
    list.seen = 2 * list.numbers.size;
    list.hasOthers = firstValues !== undefined;
    list.hasUnknown = values === undefined && firstValues === undefined;
    list.isFull = full === true || list.hasUnknown;
    return list;
  }

  store(): StoredValues {
    if (this.hasUnknown) return {};
    const values = [...this.numbers.keys()];
    return {
      ...(this.hasOthers ? { firstValues: values } : { values }),
      ...(this.isFull ? { full: true } : {}),
    };
  }

  /** The number of a listed value, which may be new; undefined: it is one of the others. */
  numberOf(value: string, inAll: ListedInAll): number | undefined {
    this.seen++;
    const { numbers } = this;
    const known = numbers.get(value);
    if (known !== undefined) return known;
    if (!this.isFull && value.length <= longestListedUnits) {
      const isRepeated = this.seen >= documentsPerValue * numbers.size;
      const isBeyond = numbers.size >= mostListed || inAll.listed >= mostListedInAll;
      // For good: what was one of the others once is never listed.
      this.isFull = isBeyond || (numbers.size >= listedAnyway && !isRepeated);
      this.changes++;
      if (!this.isFull) {
        numbers.set(value, numbers.size);
        inAll.listed++;
        return numbers.size - 1;
      }
    }
    if (!this.hasOthers) this.changes++;
    this.hasOthers = true;
    return undefined;
  }
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const lengthSigns = Array.from({ length: longUnits + 1 }, (_, units) => units.toString(36));

/** The token of a value that is not listed: two digits for each of its first bytes, and its length. */
export function beginningToken(beginningPrefix: string, value: string): string {
  const sign = lengthSigns[Math.min(value.length, longUnits)] as string;
  let hex = "";
  for (let at = 0; at < beginningBytes && at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit >= 128) return beginningPrefix + hexOf(value) + sign;
    hex += hexOfByte[unit] as string;
  }
  return beginningPrefix + hex + sign;
}

/** A byte at least for each unit; the last may be one half of a character. */
function hexOf(value: string): string {
  return Buffer.from(value.slice(0, beginningBytes + 1))
    .toString("hex")
    .slice(0, 2 * beginningBytes);
}
