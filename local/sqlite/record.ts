/** Rows as they stand in a page of a SQLite file. */
import type { PageFile } from "./page-file";

export type SavedValue = null | number | bigint | string | Uint8Array;

export interface SavedRow {
  readonly rowid: number;
  /** In the order of the columns; the one that is the row's number itself (INTEGER PRIMARY KEY) is null. */
  readonly values: readonly SavedValue[];
}

const leafOfTable = 13;
const innerOfTable = 5;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A number of 1 to 9 bytes; undefined beyond the end. */
function varint(bytes: Buffer, at: number): { value: number; next: number } | undefined {
  let value = 0n;
  for (let length = 0; length < 9; length++) {
    const byte = bytes[at + length];
    if (byte === undefined) return undefined;
    if (length === 8) value = (value << 8n) | BigInt(byte);
    else value = (value << 7n) | BigInt(byte & 127);
    if (byte < 128 || length === 8) return { value: Number(BigInt.asIntN(64, value)), next: at + length + 1 };
  }
  return undefined;
}

function bytesOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? Number.NaN;
}

function readValue(type: number, bytes: Buffer): SavedValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return bytes.readDoubleBE(0);
  if (type === 6) {
    const value = bytes.readBigInt64BE(0);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (type < 7) return bytes.readIntBE(0, bytes.length);
  return type % 2 === 0 ? new Uint8Array(bytes) : utf8.decode(bytes);
}

/** Undefined: these bytes are no record. */
function valuesOf(payload: Buffer): SavedValue[] | undefined {
  const header = varint(payload, 0);
  if (header === undefined || header.value > payload.length) return undefined;
  const types: number[] = [];
  let at = header.next;
  while (at < header.value) {
    const type = varint(payload, at);
    if (type === undefined || type.value < 0 || Number.isNaN(bytesOf(type.value))) return undefined;
    types.push(type.value);
    at = type.next;
  }
  if (at !== header.value) return undefined;
  const values: SavedValue[] = [];
  for (const type of types) {
    const end = at + bytesOf(type);
    if (end > payload.length) return undefined;
    try {
      values.push(readValue(type, payload.subarray(at, end)));
    } catch {
      // Text that is no UTF-8: the page it stands on is not whole.
      return undefined;
    }
    at = end;
  }
  return at === payload.length ? values : undefined;
}

function payloadOf(file: PageFile, page: Buffer, start: number, length: number): Buffer | undefined {
  const { usableBytes } = file;
  if (length <= usableBytes - 35) {
    return start + length <= page.length ? page.subarray(start, start + length) : undefined;
  }
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23;
  const wanted = least + ((length - least) % (usableBytes - 4));
  const local = wanted <= usableBytes - 35 ? wanted : least;
  if (start + local + 4 > page.length || length > file.pages * file.pageBytes) return undefined;
  const parts = [page.subarray(start, start + local)];
  let left = length - local;
  let next = page.readUInt32BE(start + local);
  while (left > 0) {
    if (next < 2 || next > file.pages) return undefined;
    const further = file.page(next);
    parts.push(further.subarray(4, 4 + Math.min(left, usableBytes - 4)));
    left -= usableBytes - 4;
    next = further.readUInt32BE(0);
  }
  return next === 0 ? Buffer.concat(parts) : undefined;
}

/** Offsets of the cells of a page; undefined where it is no such page or not whole. */
function cells(page: Buffer, number: number, type: number): number[] | undefined {
  const start = number === 1 ? 100 : 0;
  if (page[start] !== type) return undefined;
  const count = page.readUInt16BE(start + 3);
  const first = start + (type === innerOfTable ? 12 : 8);
  if (first + 2 * count > page.length) return undefined;
  const offsets = Array.from({ length: count }, (_, at) => page.readUInt16BE(first + 2 * at));
  return offsets.every((offset) => offset >= first + 2 * count && offset < page.length) ? offsets : undefined;
}

/** The whole rows of a leaf of a table, and how many are not; undefined where the page is no such leaf. */
export function rowsOfPage(
  file: PageFile,
  number: number,
): { rows: SavedRow[]; damaged: number } | undefined {
  const page = file.page(number);
  const offsets = cells(page, number, leafOfTable);
  if (offsets === undefined) return undefined;
  const rows: SavedRow[] = [];
  for (const offset of offsets) {
    const length = varint(page, offset);
    const rowid = length && varint(page, length.next);
    const payload = rowid && length.value >= 0 ? payloadOf(file, page, rowid.next, length.value) : undefined;
    const values = payload && valuesOf(payload);
    if (rowid && values) rows.push({ rowid: rowid.value, values });
  }
  return { rows, damaged: offsets.length - rows.length };
}

/** The pages below an inner page of a table; undefined where it is none. */
export function childrenOfPage(file: PageFile, number: number): number[] | undefined {
  const page = file.page(number);
  const offsets = cells(page, number, innerOfTable);
  if (offsets === undefined) return undefined;
  const start = number === 1 ? 100 : 0;
  return [
    ...offsets.map((offset) => (offset + 4 <= page.length ? page.readUInt32BE(offset) : 0)),
    page.readUInt32BE(start + 8),
  ];
}
