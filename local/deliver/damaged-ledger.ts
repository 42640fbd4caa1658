/** What a damaged ledger of a bucket still says, page by page, and what is made of it. */
import { crc32 } from "node:zlib";
import type { BucketObject, LedgerTotals, RecentFailure } from "../rooms";
import { DamagedFile, type SavedRow, type SavedValue } from "../sqlite/salvage";
import { type NotedObject, nothingSettled, type Settlement, settlementOf } from "./settlement";

/** A ledger as a new file is to have it. */
export interface SavedLedger {
  readonly settlement: Settlement;
  readonly objects: readonly BucketObject[];
  readonly failures: readonly RecentFailure[];
}

/** What else knows of the ledger. */
export interface Beside {
  /** The place in the queue that the ledger had settled when the queue was told last. */
  readonly settledThrough: number;
  /** Whether an object is in its folder. */
  isWritten(key: string): boolean;
}

function letterOf(value: SavedValue): string {
  if (value === null) return "k";
  if (typeof value === "string") return "t";
  if (typeof value === "number") return "i";
  return value instanceof Uint8Array ? "b" : "?";
}

/** A table by what its rows are made of: `k` the row's own number, `i` a whole number, `t` a text, `b` bytes. */
const shapes = {
  totals: "kiiii",
  settlement: "kti",
  settlement_copy: "kti",
  outbox: "ktb",
  failures: "ktitti",
} as const;
const shapeOf = ({ values }: SavedRow): string => values.map(letterOf).join("");

function rowsOf(file: DamagedFile, table: keyof typeof shapes): SavedRow[] {
  const fits = (row: SavedRow): boolean => shapeOf(row) === shapes[table];
  return [...[...file.rows(table)].filter(fits), ...file.strays(fits)];
}

const isNewer = (one: LedgerTotals, other: LedgerTotals | undefined): boolean =>
  one.throughSeq >= (other?.throughSeq ?? 0);

interface Found {
  readonly totals: LedgerTotals | undefined;
  /** As far as it proves itself. */
  readonly settlement: Settlement | undefined;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly failures: readonly RecentFailure[];
}

/** `withTail`: pages count too that no commit follows, or that stand behind a damaged one; rows must prove themselves. */
function find(path: string, withTail: boolean): Found {
  const file = new DamagedFile(path, undefined, withTail);
  try {
    let totals: LedgerTotals | undefined;
    for (const { values } of rowsOf(file, "totals")) {
      const [, throughSeq, indexed, dropped, failed] = values as [null, number, number, number, number];
      const sums = { throughSeq, indexed, dropped, failed };
      if (isNewer(sums, totals)) totals = sums;
    }
    let settlement: Settlement | undefined;
    for (const { values } of [...rowsOf(file, "settlement"), ...rowsOf(file, "settlement_copy")]) {
      const [, text, crc] = values as [null, string, number];
      const proved = settlementOf({ text, crc });
      if (proved && isNewer(proved.totals, settlement?.totals)) settlement = proved;
    }
    const objects = rowsOf(file, "outbox").map(({ values }) => values.slice(1) as [string, Uint8Array]);
    const failures = rowsOf(file, "failures").sort((one, other) => one.rowid - other.rowid);
    return { totals, settlement, objects: new Map(objects), failures: failures.map(failureOf) };
  } finally {
    file.close();
  }
}

function failureOf({ values }: SavedRow): RecentFailure {
  const [, key, records, errorCode, errorMessage, atMs] = values as [
    null,
    string,
    number,
    string,
    string,
    number,
  ];
  return { key, records, errorCode, errorMessage, atMs };
}

const reached = ({ totals, settlement }: Found): number =>
  Math.max(totals?.throughSeq ?? 0, settlement?.totals.throughSeq ?? 0);

/** The place in the queue that had been reached, by whatever row still tells. */
export const reachedOf = (path: string): number => reached(find(path, false));

/**
 * A damaged page of the log can take the next one with it. What stands on such a page is taken where something else
 * shows that it was committed: the sums, one of its objects, or the queue, which was told.
 */
function settlementFrom(committed: Found, likely: Found, settledThrough: number): Settlement {
  const { totals } = committed;
  const known = [committed.settlement, likely.settlement].filter((one) => one !== undefined);
  const wasCommitted = (one: Settlement): boolean =>
    one === committed.settlement ||
    one.totals.throughSeq === totals?.throughSeq ||
    one.objects.some((object) => isIn(committed.objects, object)) ||
    (reached(committed) < settledThrough && one.totals.throughSeq >= settledThrough);
  const newest = known.filter(wasCommitted).sort((a, b) => b.totals.throughSeq - a.totals.throughSeq)[0];
  if (newest && isNewer(newest.totals, totals)) return newest;
  // Without any sums nothing is delivered again that the queue knows to be settled.
  const sums = totals ?? { ...nothingSettled, throughSeq: settledThrough };
  return { totals: sums, before: sums, objects: notesOf(committed.objects) };
}

function isIn(objects: ReadonlyMap<string, Uint8Array>, { key, crc }: NotedObject): boolean {
  const body = objects.get(key);
  return body !== undefined && crc32(body) === crc;
}

/** Of objects that nobody has noted. */
export function notesOf(objects: Iterable<readonly [string, Uint8Array]>): NotedObject[] {
  return Array.from(objects, ([key, body]) => ({
    ...{ key, crc: crc32(body), records: 0, kind: "delivered" as const, throughSeq: 0 },
  }));
}

/** Reads the file, which no process has open, and says in a sentence what has come of it. */
export function readDamaged(path: string, beside: Beside): { ledger: SavedLedger; says: string } {
  const [committed, likely] = [find(path, false), find(path, true)];
  const noted = settlementFrom(committed, likely, beside.settledThrough);
  const bodies = [committed.objects, likely.objects];
  const whole = noted.objects.flatMap((object) => {
    const found = bodies.find((one) => isIn(one, object));
    return found ? [{ object, body: found.get(object.key)! }] : [];
  });
  const isWhole = new Set(whole.map(({ object }) => object));
  const missing = noted.objects.filter((object) => !isWhole.has(object) && !beside.isWritten(object.key));
  const { failures } = committed;
  if (missing.length > 0 && canGoBack(noted, missing, beside)) {
    const { before, totals } = noted;
    const isOlder = ({ throughSeq }: NotedObject): boolean => throughSeq < totals.throughSeq;
    const undone = new Set(noted.objects.filter((object) => !isOlder(object)).map(({ key }) => key));
    return {
      ledger: ledgerOf(
        { totals: before, before, objects: [] },
        whole.filter(({ object }) => isOlder(object)),
        failures.filter(({ key }) => !undone.has(key)),
      ),
      says: "An object of the last delivery could not be read: that delivery is made again from the queue. Nothing is lost.",
    };
  }
  const lost = missing.reduce((sum, { records }) => sum + records, 0);
  const isKnown = committed.totals ?? committed.settlement ?? likely.settlement;
  return {
    ledger: ledgerOf({ ...noted, totals: missing.reduce(without, noted.totals) }, whole, failures),
    says: isKnown
      ? `${whole.length} objects that wait to be written are kept. ${lost === 0 ? "Nothing is lost." : `${lost} records of others could not be read; they are counted as lost.`}`
      : "Its sums could not be read: all that was settled before counts as lost.",
  };
}

const ledgerOf = (
  settlement: Settlement,
  whole: readonly { readonly object: NotedObject; readonly body: Uint8Array }[],
  failures: readonly RecentFailure[],
): SavedLedger => ({
  settlement: { ...settlement, objects: whole.map(({ object }) => object) },
  objects: whole.map(({ object, body }) => ({ key: object.key, body })),
  failures,
});

/** Whether nothing of the last settlement has left the ledger, so that the queue still has its records. */
function canGoBack(
  { before, totals, objects }: Settlement,
  missing: readonly NotedObject[],
  { settledThrough, isWritten }: Beside,
): boolean {
  const last = objects.filter(({ throughSeq }) => throughSeq === totals.throughSeq);
  return (
    before.throughSeq >= settledThrough &&
    before.throughSeq < totals.throughSeq &&
    missing.every((object) => last.includes(object)) &&
    !last.some(({ key }) => isWritten(key))
  );
}

/** What is gone is in none of the counts any more: that makes it lost. */
const without = (totals: LedgerTotals, { kind, records }: NotedObject): LedgerTotals =>
  kind === "failed"
    ? { ...totals, failed: totals.failed - records }
    : { ...totals, indexed: totals.indexed - records };
