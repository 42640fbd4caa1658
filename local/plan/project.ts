/** Pulumi.yaml: what the project is called, where its program lies, and how Pulumi is told to run it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { entryMissing, noProject, notJson, notText, otherRuntime, programMissing } from "../errors";
import { mapping, readYaml } from "./yaml-file";

export interface Project {
  readonly name: string;
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  /** The folder that the program runs in. */
  readonly workFolder: string;
  /** The program's file in that folder, or "." for what its package.json names. */
  readonly entry: string;
  /** Whether Pulumi compiles TypeScript itself; a program may bring JavaScript. */
  readonly typescript: boolean;
  /** Path of a tsconfig other than the folder's own. */
  readonly tsconfig: string | undefined;
  /** Flags for Node. */
  readonly nodeArguments: readonly string[];
  /** The folder of Pulumi.STACK.yaml. */
  readonly stackFolder: string;
  /** Declared settings: a schema, or for another namespace the value itself. */
  readonly config: Readonly<Record<string, unknown>>;
}

interface ProjectFile {
  readonly name?: string;
  readonly main?: string;
  readonly runtime?: string | { readonly name?: string; readonly options?: Record<string, unknown> };
  readonly stackConfigDir?: string;
  /** Older files name the folder of the stacks' files here. */
  readonly config?: Record<string, unknown> | string;
}

const names = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** @throws UserError where the folder is no project, or its program is none for Node */
export function readProject(folder: string): Project {
  const file = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) throw noProject(folder);
  const read = readYaml(file) as ProjectFile;
  const { name: runtime, options = {} } =
    typeof read.runtime === "object" ? { ...read.runtime } : { name: read.runtime };
  const { config } = read;
  if (config !== undefined && config !== null && typeof config !== "string") mapping(config, file, "config");
  for (const key of ["name", "main", "stackConfigDir"] as const) {
    const value: unknown = read[key] ?? "";
    if (typeof value !== "string") throw notText(file, key, value);
  }
  // Without these two `pulumi up` refuses the project.
  if (!read.name) throw notText(file, "name", read.name);
  if (runtime !== "nodejs") throw otherRuntime(file, runtime);
  const stacks = read.stackConfigDir ?? (typeof config === "string" ? config : ".");
  const tsconfig = options["tsconfig"];
  return {
    name: read.name,
    folder,
    ...entryOf(folder, read.main),
    typescript: options["typescript"] !== false,
    tsconfig: typeof tsconfig === "string" ? tsconfig : undefined,
    nodeArguments: wordsOf(options["nodeargs"]),
    stackFolder: join(folder, stacks),
    config: typeof config === "object" && config !== null ? config : {},
  };
}

/** A `main` that is a file runs in the folder of that file. */
function entryOf(folder: string, main = ""): Pick<Project, "workFolder" | "entry"> {
  if (main === "") return { workFolder: folder, entry: "." };
  const path = isAbsolute(main) ? main : join(folder, main);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw programMissing(path);
  return found.isDirectory()
    ? { workFolder: path, entry: "." }
    : { workFolder: dirname(path), entry: basename(path) };
}

const endings = ["", ".ts", ".js", ".json", ".mjs", ".cjs", ".node"];

/** @throws UserError where what Node or Pulumi would start is not there */
export function checkEntry({ workFolder: folder, entry: main }: Project): void {
  if (main !== ".") return;
  const named = entryIn(join(folder, "package.json"));
  if (named === undefined) return;
  const entry = named || "index";
  const paths = [entry, join(entry, "index"), "index"].map((name) => join(folder, name));
  const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (paths.some((path) => endings.some((ending) => isFile(path + ending)))) return;
  throw entryMissing(folder, entry === "index" ? "index.ts or index.js" : entry);
}

/**
 * @returns what package.json names, empty where it names nothing; undefined where Pulumi reads its `exports`
 * @throws UserError where it is no JSON: nothing could be loaded beside it
 */
function entryIn(file: string): string | undefined {
  if (!existsSync(file)) return "";
  try {
    const { main, exports } = JSON.parse(readFileSync(file, "utf8")) as { main?: unknown; exports?: unknown };
    if (exports !== undefined) return undefined;
    return typeof main === "string" ? main : "";
  } catch (error) {
    throw notJson(file, error);
  }
}

const wordsOf = (text: unknown): string[] =>
  typeof text === "string" ? text.split(/\s+/).filter((word) => word !== "") : [];
