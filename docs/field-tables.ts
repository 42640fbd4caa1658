/** Writes the tables of field types of docs/processors.md from the registry; with --check it only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processors } from "../processors";
import type { FieldTypes } from "../processors/field-types";

const file = join(__dirname, "processors.md");
const begin = (name: string) => `<!-- types of ${name}: begin (written by npm run fix) -->`;
const end = (name: string) => `<!-- types of ${name}: end -->`;

/** A row per type, the fields in the order in which the processor declares them. */
export function typeTable(fields: FieldTypes): string {
  const byType: Record<string, string[]> = {};
  for (const [path, type] of Object.entries(fields)) byType[type] = [...(byType[type] ?? []), `\`${path}\``];
  const rows = Object.entries(byType).map(([type, paths]) => `| ${type} | ${paths.join(" ")} |`);
  return ["| type | fields |", "|---|---|", ...rows].join("\n");
}

/** The text with the table of each processor between its two lines; a processor without fields has none. */
export function withTables(text: string): string {
  let written = text;
  for (const [name, { fields }] of Object.entries(processors)) {
    if (Object.keys(fields).length < 2) continue;
    const from = written.indexOf(begin(name));
    const to = written.indexOf(end(name));
    if (from < 0 || to < from)
      throw new Error(`docs/processors.md lacks the lines ${begin(name)} and ${end(name)}.`);
    written = `${written.slice(0, from + begin(name).length)}\n\n${typeTable(fields)}\n\n${written.slice(to)}`;
  }
  return written;
}

function main(): void {
  const before = readFileSync(file, "utf8");
  const after = withTables(before);
  if (before === after) return;
  if (process.argv.includes("--check")) {
    process.stderr.write(
      "The field types in docs/processors.md differ from the processors. Run npm run fix.\n",
    );
    process.exitCode = 1;
  } else writeFileSync(file, after);
}

if (require.main === module) main();
