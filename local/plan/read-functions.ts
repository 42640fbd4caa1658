/** Reads the functions of an evaluated program: those that can run here with all they are made of, others with why not. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ArchivePart, FunctionPlan } from "./plan";
import type { EvaluatedResource } from "./stand-ins";

/** Why the function cannot run here, as the end of a sentence that begins with its name. */
export interface FunctionElsewhere {
  readonly name: string;
  readonly why: string;
}

export type Functions = ReadonlyMap<string, FunctionPlan | FunctionElsewhere>;

export const isElsewhere = (fn: FunctionPlan | FunctionElsewhere): fn is FunctionElsewhere => "why" in fn;

export const functionType = "aws:lambda/function:Function";

/** What Pulumi calls the module that holds a serialized function. */
export const serialized = "__index.js";

// biome-ignore lint/suspicious/noExplicitAny: the inputs of a resource, as the provider takes them
type Inputs = Record<string, any>;

/** Every function of the program by its ARN. @param folder what paths in the program are relative to */
export async function readFunctions(
  resources: readonly EvaluatedResource[],
  folder: string,
): Promise<Functions> {
  const functions = new Map<string, FunctionPlan | FunctionElsewhere>();
  for (const { type, inputs, state } of resources) {
    if (type !== functionType) continue;
    functions.set(state["arn"], await readFunction(inputs, state, folder));
  }
  return functions;
}

async function readFunction(
  inputs: Inputs,
  state: Inputs,
  folder: string,
): Promise<FunctionPlan | FunctionElsewhere> {
  const name: string = state["name"];
  const code = await readCode(inputs, folder);
  if (typeof code === "object" && "why" in code) return { name, ...code };
  const handler = String(inputs["handler"]);
  return {
    name,
    arn: state["qualifiedArn"],
    code,
    handler: typeof code === "string" ? handler.split(".").at(-1)! : handler,
    environment: inputs["environment"]?.variables ?? {},
    timeoutSeconds: inputs["timeout"] ?? 3,
    memoryMiB: inputs["memorySize"] ?? 128,
    logFormat: inputs["loggingConfig"]?.logFormat ?? "Text",
  };
}

type Elsewhere = Omit<FunctionElsewhere, "name">;

async function readCode(inputs: Inputs, folder: string): Promise<FunctionPlan["code"] | Elsewhere> {
  if (inputs["packageType"] === "Image") return { why: "is a container image; allowed here is Node code" };
  const runtime: string = inputs["runtime"] ?? "";
  if (runtime !== "" && !runtime.startsWith("nodejs")) {
    return { why: `runs on ${runtime}; allowed here is nodejs` };
  }
  if (inputs["s3Bucket"] !== undefined) {
    return { why: `has its code in the bucket ${inputs["s3Bucket"]}, which nobody reads from here` };
  }
  const archive = inputs["code"] as Archive | undefined;
  if (archive === undefined) return { why: "has no code in the program" };
  const parts = await partsOf(archive, "", folder);
  const missing = parts.find((part) => "why" in part);
  if (missing) return missing;
  const found = parts as ArchivePart[];
  const [only] = found;
  const isText = found.length === 1 && only?.at === serialized && only.kind === "text";
  return isText && hasItsSdk(only.text) ? only.text : { parts: found, programFolder: folder };
}

/** Whether what a text requires of the SDK is among our own packages: else it is looked for in the program's. */
function hasItsSdk(text: string): boolean {
  return [...text.matchAll(/require\(["'](@aws-sdk\/[^"']+)["']\)/g)].every(([, name]) => {
    try {
      return require.resolve(name!) !== "";
    } catch {
      return false;
    }
  });
}

/** An asset or archive as Pulumi hands it to a provider; each member is a promise where there is one. */
interface Archive {
  readonly assets?: Promise<Record<string, Archive>>;
  readonly path?: Promise<string>;
  readonly uri?: Promise<string>;
  readonly text?: Promise<string>;
}

/** Folders and packed archives below `at` in the whole. */
async function partsOf(archive: Archive, at: string, folder: string): Promise<(ArchivePart | Elsewhere)[]> {
  const [assets, path, uri, text] = await Promise.all([
    archive.assets,
    archive.path,
    archive.uri,
    archive.text,
  ]);
  if (text !== undefined) return [{ kind: "text", at, text }];
  if (path !== undefined) return [filePart(resolve(folder, path), at, isArchive(archive))];
  if (uri !== undefined) {
    return uri.startsWith("file://")
      ? [filePart(new URL(uri).pathname, at, isArchive(archive))]
      : [{ why: `has its code at ${uri}, which nobody fetches from here` }];
  }
  const parts = await Promise.all(
    Object.entries(assets ?? {}).map(([name, part]) =>
      partsOf(part, at === "" ? name : `${at}/${name}`, folder),
    ),
  );
  return parts.flat();
}

const isArchive = (part: object): boolean =>
  (part as { readonly __pulumiArchive?: boolean }).__pulumiArchive === true;

function filePart(path: string, at: string, archive: boolean): ArchivePart | Elsewhere {
  if (!existsSync(path)) return { why: `has code that is not there: ${path}. Build it first` };
  if (statSync(path).isDirectory()) return { kind: "folder", at, path };
  if (!archive) return { kind: "file", at, path };
  if (/\.(zip|jar)$/.test(path)) return { kind: "zip", at, path };
  if (/\.(tar|tgz|tar\.gz)$/.test(path)) return { kind: "tar", at, path };
  return { why: `has an archive of an unknown kind, ${path}; allowed are .zip, .tar, .tgz and folders` };
}
