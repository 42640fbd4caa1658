/** Errors of a program that could not be evaluated, each cause once, without what Pulumi wraps around them. */
import { relative } from "node:path";
import { settingMissing } from "../errors";
import type { Project } from "./project";

/**
 * Sentences, in the order of the errors; at least one where there is an error.
 * @param known sentences about what has failed before, each a cause
 */
export function causesOf(errors: readonly unknown[], project: Project, known: readonly string[]): string[] {
  const causes = [
    ...known,
    ...errors
      .filter((error) => !known.some((text) => (error as Error | undefined)?.message?.includes(text)))
      .map((error) => causeOf(error, project)),
  ];
  // An error that another resource waits for comes again in the other's words.
  return [...new Set(causes)].filter(
    (cause) => !causes.some((other) => other !== cause && cause.endsWith(firstLine(other))),
  );
}

const firstLine = (text: string): string => text.split("\n", 1)[0]!;

function causeOf(error: unknown, project: Project): string {
  if (!(error instanceof Error) && typeof (error as Error | undefined)?.message !== "string") {
    return `The program threw ${typeof error === "string" ? JSON.stringify(error) : String(error)}.`;
  }
  const { message, name } = error as Error;
  const missing = /Missing required configuration variable '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined) return settingMissing(missing, project.name);
  const text = unwrapped(message);
  // Pulumi's own words for a mistake are complete, and so are the compiler's.
  if (isPulumis(error) || name === "TSError" || isFatalError(name)) return text;
  const place = placeOf(error as Error, project);
  return `The program fails: ${text}${place === undefined ? "" : ` (${place})`}`;
}

/** `error serializing property "a": error serializing property "b": …` says nothing of the cause. */
const unwrapped = (message: string): string =>
  message.replace(/^(?:error serializing property "(?:[^"\\]|\\.)*": )+/, "");

const isPulumis = (error: unknown): boolean =>
  ["__pulumiRunError", "__pulumResourceError"].some(
    (mark) => (error as Record<string, unknown>)[mark] === true,
  );

const isFatalError = (name: string): boolean => name === "SyntaxError";

/** The program's own line that threw it: not one of a package. */
function placeOf(error: Error, { workFolder }: Project): string | undefined {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  for (const frame of frames) {
    const path = /(?:file:\/\/)?(\/[^()]+:\d+):\d+\)?$/.exec(frame)?.[1];
    if (path?.startsWith(workFolder) && !path.includes("/node_modules/")) return relative(workFolder, path);
  }
  return undefined;
}
