/** Writes the configuration table of docs/configuration.md from Pulumi.yaml; with --check it only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Declaration {
  readonly type: string;
  readonly description?: string;
  readonly default?: unknown;
}

const root = join(__dirname, "..");
const begin = "<!-- configuration: begin (written by npm run fix) -->";
const end = "<!-- configuration: end -->";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function defaultOf(value: unknown): string {
  if (value === undefined) return "";
  return `\`${typeof value === "object" ? JSON.stringify(value) : value === "" ? '""' : String(value)}\``;
}

export function configTable(pulumiYaml: string): string {
  const { config } = parse(pulumiYaml) as { config: Record<string, Declaration> };
  const rows = Object.entries(config).map(
    ([key, { type, description = "", default: byDefault }]) =>
      `| \`${key}\` | ${type} | ${cell(defaultOf(byDefault))} | ${cell(description)} |`,
  );
  return ["| key | type | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

export function withTable(readme: string, table: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/configuration.md lacks the lines ${begin} and ${end}.`);
  return `${readme.slice(0, from + begin.length)}\n\n${table}\n\n${readme.slice(to)}`;
}

function main(): void {
  const file = join(root, "docs/configuration.md");
  const before = readFileSync(file, "utf8");
  const after = withTable(before, configTable(readFileSync(join(root, "Pulumi.yaml"), "utf8")));
  if (process.argv.includes("--check")) {
    if (before !== after) {
      process.stderr.write(
        "The configuration table of docs/configuration.md differs from Pulumi.yaml. Run npm run fix.\n",
      );
      process.exitCode = 1;
    }
  } else if (before !== after) {
    writeFileSync(file, after);
  }
}

if (require.main === module) main();
