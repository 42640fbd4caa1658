/** `_cat`: tables for people, and for those who ask for JSON. */
import { createHash } from "node:crypto";
import { patternMatcher } from "../name-pattern";
import type { MappedIndex } from "../search-body";
import { illegal, notTaken } from "./errors";

export type Row = Readonly<Record<string, string>>;

export interface Table {
  /** Names of the columns that are shown by default, in their order. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

const units = ["b", "kb", "mb", "gb", "tb"] as const;

/** Of a size's unit in the address: `k` and `kb` are one. */
function unitPower(unit: string): number {
  const power = units.findIndex((name) => name === unit || (name !== "b" && name[0] === unit));
  if (power < 0) throw notTaken(`bytes=${unit}`, `taken are ${units.join(", ")}`);
  return power;
}

/** As a real node writes sizes: `12.3kb`; with `bytes=kb` and the like, whole numbers of that unit. */
function sizeText(bytes: number, wanted: number | undefined): string {
  if (wanted !== undefined) return String(Math.floor(bytes / 1024 ** wanted));
  let power = 0;
  while (power < units.length - 1 && bytes >= 1024 ** (power + 1)) power++;
  const value = Math.floor((bytes / 1024 ** power) * 10) / 10;
  return `${value}${units[power]}`;
}

/** An index here has no number of its own beside its name: the same name is the same one. */
const uuidOf = (index: string): string => createHash("sha256").update(index).digest("base64url").slice(0, 22);

export function indicesTable(indices: readonly MappedIndex[], address: URLSearchParams): Table {
  const bytesIn = address.get("bytes");
  const unit = bytesIn === null ? undefined : unitPower(bytesIn);
  return {
    columns: [
      "health",
      "status",
      "index",
      "uuid",
      "pri",
      "rep",
      "docs.count",
      "docs.deleted",
      "store.size",
      "pri.store.size",
    ],
    rows: indices.map(({ index, count, bytes, createdMs }) => ({
      health: "green",
      status: "open",
      index,
      uuid: uuidOf(index),
      pri: "1",
      rep: "0",
      "docs.count": String(count),
      "docs.deleted": "0",
      "store.size": sizeText(bytes, unit),
      "pri.store.size": sizeText(bytes, unit),
      "creation.date": String(createdMs),
      "creation.date.string": new Date(createdMs).toISOString(),
    })),
  };
}

export function countTable(count: number, nowMs: number): Table {
  const epoch = String(Math.floor(nowMs / 1000));
  const timestamp = new Date(nowMs).toISOString().slice(11, 19);
  return { columns: ["epoch", "timestamp", "count"], rows: [{ epoch, timestamp, count: String(count) }] };
}

/** `h` chooses columns, `s` sorts, `v` adds the names, `format=json` answers JSON. */
export function tableText(
  { columns, rows }: Table,
  address: URLSearchParams,
): { json?: unknown; text?: string } {
  const shown = chosen(columns, rows, address.get("h"));
  const sorted = sortedRows(columns, rows, address.get("s"));
  const format = address.get("format") ?? "text";
  if (format !== "text" && format !== "json") throw notTaken(`format=${format}`, "taken are text and json");
  if (format === "json")
    return { json: sorted.map((row) => Object.fromEntries(shown.map((name) => [name, row[name] ?? null]))) };
  const lines = sorted.map((row) => shown.map((name) => row[name] ?? ""));
  const v = address.get("v");
  if (v !== null && v !== "false") lines.unshift([...shown]);
  const widths = shown.map((_, at) => Math.max(0, ...lines.map((line) => line[at]?.length ?? 0)));
  const isNumber = shown.map(
    (name) => rows.every((row) => /^[\d.]+[a-z]*$/.test(row[name] ?? "")) && name !== "index",
  );
  const text = lines
    .map((line) =>
      line
        .map((cell, at) =>
          isNumber[at] ? cell.padStart(widths[at] as number) : cell.padEnd(widths[at] as number),
        )
        .join(" "),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
  return { text };
}

/** Short names, as a real node has them. */
const aliases: Readonly<Record<string, string>> = {
  h: "health",
  s: "status",
  i: "index",
  idx: "index",
  id: "uuid",
  p: "pri",
  r: "rep",
  dc: "docs.count",
  docsCount: "docs.count",
  dd: "docs.deleted",
  docsDeleted: "docs.deleted",
  ss: "store.size",
  storeSize: "store.size",
  cd: "creation.date",
  cds: "creation.date.string",
};

function chosen(columns: readonly string[], rows: readonly Row[], wanted: string | null): readonly string[] {
  if (wanted === null || wanted === "") return columns;
  const all = [...new Set([...columns, ...rows.flatMap((row) => Object.keys(row))])];
  return wanted.split(",").flatMap((part) => {
    const matches = patternMatcher(aliases[part] ?? part);
    return all.filter(matches);
  });
}

function sortedRows(columns: readonly string[], rows: readonly Row[], by: string | null): readonly Row[] {
  if (by === null || by === "") return rows;
  const known = new Set([...columns, ...Object.values(aliases)]);
  const keys = by.split(",").map((part) => {
    const [name = "", order = "asc"] = part.split(":");
    if (order !== "asc" && order !== "desc") throw illegal(`Unsupported sort order [${order}]`);
    if (!known.has(aliases[name] ?? name)) throw illegal(`Unable to sort by unknown sort key [${name}]`);
    return { name: aliases[name] ?? name, direction: order === "asc" ? 1 : -1 };
  });
  const compare = (a: string, b: string) =>
    /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
  return [...rows].sort((a, b) => {
    for (const { name, direction } of keys) {
      const order = direction * compare(a[name] ?? "", b[name] ?? "");
      if (order !== 0) return order;
    }
    return 0;
  });
}
