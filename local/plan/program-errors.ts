/** Errors of a program that could not be evaluated, each cause once, without what Pulumi wraps around them. */
import { relative } from "node:path";
import { inspect } from "node:util";
import { moduleMissing, notSerialized, packageFileMissing, settingMissing } from "../errors";
import type { Project } from "./project";
import type { ResourceTitle } from "./resource-watch";

/**
 * Sentences, in the order of the errors; at least one where there is an error.
 * @param known sentences about what has failed before, each a cause
 * @param failedWith the resource that failed with these words, if one did
 */
export function causesOf(
  errors: readonly unknown[],
  project: Project,
  known: readonly string[],
  failedWith: (text: string) => ResourceTitle | undefined = () => undefined,
): string[] {
  const causes = [
    ...known,
    ...errors
      .filter((error) => !known.some((text) => (error as Error | undefined)?.message?.includes(text)))
      .map((error) => causeOf(error, project, failedWith)),
  ];
  // An error that another resource waits for comes again in the other's words.
  return [...new Set(causes)].filter(
    (cause) => !causes.some((other) => other !== cause && cause.endsWith(firstLine(other))),
  );
}

const firstLine = (text: string): string => text.split("\n", 1)[0]!;

function causeOf(
  error: unknown,
  project: Project,
  failedWith: (text: string) => ResourceTitle | undefined,
): string {
  if (!(error instanceof Error) && typeof (error as Error | undefined)?.message !== "string") {
    return `The program threw ${inspect(error, { breakLength: Number.POSITIVE_INFINITY })}.`;
  }
  const { message, name } = error as Error;
  const missing = /Missing required configuration variable '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined) return settingMissing(missing, project.name);
  const text = unwrapped(message);
  const resource = failedWith(text);
  const unserialized = serializationOf(text);
  if (unserialized) return notSerialized({ ...unserialized, resource });
  if (text === "Failed to find package.json.") return packageFileMissing(project.workFolder);
  const place = placeOf(error as Error, project);
  const module = /^Cannot find (?:module|package) '([^']+)'/.exec(text)?.[1];
  if (module !== undefined) return moduleMissing(module, place, project.folder);
  // Pulumi's own words for a mistake are complete, and so are the compiler's.
  if (name === "TSError") return text.replace(/^\S* ?Unable to compile TypeScript:\n/, "").trimEnd();
  if (isPulumis(error)) return `${text}${isUsage(text) ? place : ""}`;
  const waiting = resource === undefined ? "" : `, which ${resource} waits for`;
  return `The program fails: ${text}${place}${waiting}`;
}

/** What is left of the chain in which Pulumi tells what cannot be serialized: its two ends. */
function serializationOf(text: string): Omit<Parameters<typeof notSerialized>[0], "resource"> | undefined {
  const [chain = ""] = text.split("\n\nFunction code:", 1);
  const [, subject, rest = ""] = /^Error serializing ([^\n]*)\n\n(.*)$/s.exec(chain) ?? [];
  if (subject === undefined) return undefined;
  const captured = /(?:variable|module) '[^'\n]*'|(?<=^ *)'[^'\n]*'(?=, a function defined at)/m.exec(
    rest,
  )?.[0];
  const why = rest.slice(rest.lastIndexOf("\n") + 1).trim();
  return { subject: subject.replace(/\((\d+),\d+\)$/, ":$1"), captured, why };
}

/** `error serializing property "a": error serializing property "b": …` says nothing of the cause. */
const unwrapped = (message: string): string =>
  message.replace(/^(?:error serializing property "(?:[^"\\]|\\.)*": )+/, "");

const isPulumis = (error: unknown): boolean =>
  ["__pulumiRunError", "__pulumResourceError"].some(
    (mark) => (error as Record<string, unknown>)[mark] === true,
  );

/** What somebody forgot to write: where, Pulumi does not tell. */
const isUsage = (text: string): boolean => text.startsWith("Missing resource name");

/** The program's own line that threw it, not one of a package, and what it called there; empty where nobody knows. */
function placeOf(error: Error, { workFolder }: Project): string {
  const lines = (error.stack ?? "").split("\n");
  const own = (path = ""): boolean => path.startsWith(workFolder) && !path.includes("/node_modules/");
  let called = "";
  for (const frame of lines.filter((line) => /^\s+at /.test(line))) {
    const path = /(?:file:\/\/)?(\/[^()]+:\d+):\d+\)?$/.exec(frame)?.[1];
    if (own(path)) return ` (${called}${relative(workFolder, path!)})`;
    const made = /^\s+at (new [A-Z]\w*) /.exec(frame)?.[1];
    if (made) called = `${made}, `;
  }
  // What cannot be compiled has its place above its words.
  const path = /^(?:file:\/\/)?(\/.*:\d+)$/.exec(lines[0] ?? "")?.[1];
  return own(path) ? ` (${relative(workFolder, path!)})` : "";
}
