/**
 * The whole values of one field. The first distinct ones are listed, and a document says by number which it has; of any
 * other it says how it begins and how long it is, so that few documents need be read for a question on such values.
 */
import { wideHashOf } from "./byte-hash";
import { ByteTable } from "./byte-table";

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

/** A word of more units may be cut. */
const mostUnitsOfWhole = 254;
const [bigA, bigZ, asciiEnd] = [65, 90, 128];

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
  /** See {@link ValueList.isInSmallLetters}. */
  readonly small?: true;
}

export class ValueList {
  /** With their numbers. */
  readonly numbers = new Map<string, number>();
  /** Whether there are others, which have left their beginning. */
  hasOthers = false;
  /** Of an earlier version: there are others that have left nothing. */
  hasUnknown = false;
  /**
   * Whether the words of each value stand in it as they are in the index: all of it is ASCII without capital letters, no
   * word is cut, and no value is too long to be one.
   */
  isInSmallLetters = true;
  /** Counts what is not in the file yet. */
  changes = 0;
  private isFull = false;
  private seen = 0;
  /** Under the same numbers; made once a value is asked for by its bytes. */
  private byBytes: ByteTable | undefined;

  static restore({ values, firstValues, full, small }: StoredValues): ValueList {
    const list = new ValueList();
    for (const value of values ?? firstValues ?? []) list.numbers.set(value, list.numbers.size);
    list.seen = 2 * list.numbers.size;
    list.hasOthers = firstValues !== undefined;
    list.hasUnknown = values === undefined && firstValues === undefined;
    list.isFull = full === true || list.hasUnknown;
    list.isInSmallLetters = small === true;
    return list;
  }

  store(): StoredValues {
    if (this.hasUnknown) return {};
    const values = [...this.numbers.keys()];
    return {
      ...(this.hasOthers ? { firstValues: values } : { values }),
      ...(this.isFull ? { full: true } : {}),
      ...(this.isInSmallLetters ? { small: true } : {}),
    };
  }

  /** The number of a listed value, which may be new; undefined: it is one of the others. */
  numberOf(value: string, inAll: ListedInAll): number | undefined {
    this.seen++;
    return this.numbers.get(value) ?? this.list(value, inAll);
  }

  /** The same of the bytes of a value, which are ASCII: most are found without a text made of them. */
  numberOfBytes(bytes: Buffer, start: number, end: number, inAll: ListedInAll): number | undefined {
    this.seen++;
    if (end - start > longestListedUnits) return this.otherOfBytes(bytes, start, end);
    this.byBytes ??= tableOf(this.numbers.keys());
    const known = this.byBytes.numberOf(bytes, start, end, wideHashOf(bytes, start, end));
    if (known >= 0) return known;
    return this.isFull
      ? this.otherOfBytes(bytes, start, end)
      : this.list(bytes.toString("latin1", start, end), inAll);
  }

  /** There is a value whose words do not stand in it as they are in the index. */
  noteOtherLetters(): void {
    if (!this.isInSmallLetters) return;
    this.isInSmallLetters = false;
    this.changes++;
  }

  private list(value: string, inAll: ListedInAll): number | undefined {
    const { numbers } = this;
    if (this.isInSmallLetters && !isInSmallLetters(value)) this.noteOtherLetters();
    if (!this.isFull && value.length <= longestListedUnits) {
      const isRepeated = this.seen >= documentsPerValue * numbers.size;
      const isBeyond = numbers.size >= mostListed || inAll.listed >= mostListedInAll;
      // For good: what was one of the others once is never listed.
      this.isFull = isBeyond || (numbers.size >= listedAnyway && !isRepeated);
      this.changes++;
      if (!this.isFull) {
        numbers.set(value, numbers.size);
        if (this.byBytes !== undefined) addTo(this.byBytes, value);
        inAll.listed++;
        return numbers.size - 1;
      }
    }
    return this.other();
  }

  private otherOfBytes(bytes: Buffer, start: number, end: number): undefined {
    if (this.isInSmallLetters && !areSmallLetters(bytes, start, end)) this.noteOtherLetters();
    return this.other();
  }

  private other(): undefined {
    if (!this.hasOthers) this.changes++;
    this.hasOthers = true;
    return undefined;
  }
}

function isInSmallLetters(value: string): boolean {
  if (value.length > mostUnitsOfWhole) return false;
  for (let at = 0; at < value.length; at++) if (isOtherLetter(value.charCodeAt(at))) return false;
  return true;
}

function areSmallLetters(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > mostUnitsOfWhole) return false;
  for (let at = start; at < end; at++) if (isOtherLetter(bytes[at] as number)) return false;
  return true;
}

const isOtherLetter = (unit: number): boolean => unit >= asciiEnd || (unit >= bigA && unit <= bigZ);

/** What is beyond ASCII is not asked for by its bytes, and has its number all the same. */
function addTo(table: ByteTable, value: string): void {
  const isAscii = Buffer.byteLength(value) === value.length;
  const bytes = isAscii ? Buffer.from(value) : Buffer.from(`\u00ff${value}`, "utf16le");
  table.take(bytes, 0, bytes.length, wideHashOf(bytes, 0, bytes.length));
}

function tableOf(values: Iterable<string>): ByteTable {
  const table = new ByteTable();
  for (const value of values) addTo(table, value);
  return table;
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

/** The same of the bytes of a value, which are ASCII. */
export function beginningOfBytes(beginningPrefix: string, bytes: Buffer, start: number, end: number): string {
  let hex = "";
  for (let at = start; at < start + beginningBytes && at < end; at++)
    hex += hexOfByte[bytes[at] as number] as string;
  return beginningPrefix + hex + (lengthSigns[Math.min(end - start, longUnits)] as string);
}

/** A byte at least for each unit; the last may be one half of a character. */
function hexOf(value: string): string {
  return Buffer.from(value.slice(0, beginningBytes + 1))
    .toString("hex")
    .slice(0, 2 * beginningBytes);
}
