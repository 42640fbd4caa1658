/** Secrets known by the column in which they stand: CSV and tables below their header, lines of `.pgpass`. */
import { createIsHarmless, createLooksSecret } from "./doubtful-names";
import type { FieldNames } from "./field-names";

/** Behind a host in `.pgpass`: ports of PostgreSQL and what speaks like it, and any. One is in each such text. */
const ports = ["5432", "5433", "5434", "5439", "6432", "6543", "26257", "*"];
export const columnWords = ports.map((port) => `:${port}:`);

export function createMaskColumns(names: FieldNames) {
  const maskTables = createMaskTables(names);
  const hasPasswords = names.isSecret("password");
  const port = ports.join("|").replace("*", "\\*");
  const pgpass = new RegExp(
    String.raw`((?:^|[\s"'])(?:\*|/?[\w.-][\w./-]{0,252}):(?:${port}):(?:\*|[A-Za-z_][\w$-]{0,62}):(?:\*|[A-Za-z_][\w.@-]{0,62}):)(?:\\:|[^\s\\"':])+(?=[\s\\"']|$)`,
    "g",
  );
  return (text: string): string => {
    const masked = text.includes("\n") ? maskTables(text) : text;
    return hasPasswords ? masked.replace(pgpass, "$1[redacted]") : masked;
  };
}

interface Header {
  readonly separator: string;
  readonly names: readonly string[];
}

/** Goes over the lines of a text: FIRST a header, THEN its rows, until a line has other columns. */
function createMaskTables({ isSecret, doubtOf }: FieldNames) {
  const looksSecret = createLooksSecret();
  const isHarmless = createIsHarmless();
  const { cellsOf, innerOf } = createCells();
  const headerOf = createHeader({ isSecret, doubtOf });
  /** Between a table's header and its rows. */
  const rule = /^[-+|:= ]+$/;
  const isHidden = (column: string, said: string): boolean => {
    if (said === "") return false;
    if (isSecret(column)) return !isHarmless(column, said, true);
    const doubt = doubtOf(column);
    return doubt !== "" && looksSecret(doubt, said);
  };
  const maskCell = (cell: string, column: string): string => {
    const said = innerOf(cell);
    return isHidden(column, said) ? cell.replace(said, "[redacted]") : cell;
  };
  return (text: string): string => {
    let table: Header | null = null;
    const lines = text.split("\n").map((line) => {
      const cells = table === null ? [] : cellsOf(line, table.separator);
      if (table === null || cells.length !== table.names.length) {
        if (table === null || !rule.test(line.trim())) table = headerOf(line);
        return line;
      }
      const { names, separator } = table;
      return cells.map((cell, at) => maskCell(cell, names[at]!)).join(separator);
    });
    return lines.join("\n");
  };
}

/** A line of nothing but names, one of them a secret's. */
function createHeader({ isSecret, doubtOf }: Pick<FieldNames, "isSecret" | "doubtOf">) {
  const { cellsOf, innerOf } = createCells();
  const separators = [",", ";", "\t", "|"];
  const name = /^[A-Za-z_][\w.-]{0,63}$/;
  const loose = /[,;] /;
  return (line: string): Header | null => {
    const separator = separators.find((one) => line.includes(one)) ?? "";
    if (separator === "") return null;
    const names = cellsOf(line, separator).map(innerOf);
    const isFramed = separator === "|" && names[0] === "" && names[names.length - 1] === "";
    const inner = isFramed ? names.slice(1, -1) : names;
    // "Password, please" begins a sentence.
    if (inner.length < (loose.test(line) ? 3 : 2) || !inner.every((one) => name.test(one))) return null;
    return inner.some((one) => isSecret(one) || doubtOf(one) !== "") ? { separator, names } : null;
  };
}

function createCells() {
  return {
    /** A separator within quotes is none. */
    cellsOf: (line: string, separator: string): string[] => {
      const cells: string[] = [];
      let isOpen = false;
      for (const part of line.split(separator)) {
        if (isOpen) cells[cells.length - 1] += separator + part;
        else cells.push(part);
        if (part.split('"').length % 2 === 0) isOpen = !isOpen;
      }
      return cells;
    },
    /** Without the quotes around it. */
    innerOf: (cell: string): string => {
      const said = cell.trim();
      return said.length > 1 && said.startsWith('"') && said.endsWith('"') ? said.slice(1, -1) : said;
    },
  };
}
