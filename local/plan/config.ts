/** The configuration of a stack, as the Pulumi engine would hand it to the program. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { badSetting, UserError, unknownStack } from "../errors";

export interface StackConfig {
  readonly project: string;
  /** Keys with their namespace; objects and lists as JSON text. */
  readonly values: Record<string, string>;
  readonly notes: readonly string[];
}

interface ProjectFile {
  readonly name?: string;
  readonly config?: Record<string, unknown>;
}

/** Reads Pulumi.yaml and Pulumi.<stack>.yaml and applies defaults and `--set key=value`, in that order. */
export function readConfig(folder: string, stack: string, set: readonly string[]): StackConfig {
  const projectFile = readYaml(join(folder, "Pulumi.yaml")) as ProjectFile;
  const project = projectFile.name ?? "";
  const notes: string[] = [];
  const values: Record<string, string> = {};
  const declared = Object.entries(projectFile.config ?? {});
  for (const [key, declaration] of declared) {
    const value = defaultOf(declaration);
    if (value !== undefined) values[withNamespace(project, key)] = asText(value);
  }
  for (const [key, value] of Object.entries(readStack(folder, stack))) {
    const full = withNamespace(project, key);
    if (isSecure(value)) {
      notes.push(`${full} is encrypted in Pulumi.${stack}.yaml; a placeholder stands in for it here.`);
      values[full] = "placeholder-of-an-encrypted-value";
    } else {
      values[full] = asText(value);
    }
  }
  const known = declared.map(([key]) => withNamespace(project, key));
  for (const text of set) {
    const at = text.indexOf("=");
    if (at < 1) throw badSetting(text, "expected key=value, such as --set processor=identity");
    const full = withNamespace(project, text.slice(0, at));
    if (full.startsWith(`${project}:`) && !known.includes(full)) {
      throw badSetting(
        text,
        `unknown key. Known: ${known.map((key) => key.slice(project.length + 1)).join(", ")}.`,
      );
    }
    values[full] = text.slice(at + 1);
  }
  return { project, values, notes };
}

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw new UserError(`${file} is not valid YAML: ${(error as Error).message}`, { cause: error });
  }
}

function readStack(folder: string, stack: string): Record<string, unknown> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!/^[\w.-]+$/.test(stack) || !existsSync(file)) {
    const names = readdirSync(folder).map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1]);
    throw unknownStack(
      stack,
      names.filter((name) => name !== undefined),
    );
  }
  return (readYaml(file) as { config?: Record<string, unknown> }).config ?? {};
}

/** A declaration is a schema (`type`, `default`, `value`), or for another namespace the value itself. */
function defaultOf(declaration: unknown): unknown {
  if (typeof declaration !== "object" || declaration === null || Array.isArray(declaration))
    return declaration;
  const { default: byDefault, value } = declaration as { default?: unknown; value?: unknown };
  return value ?? byDefault;
}

const withNamespace = (project: string, key: string): string =>
  key.includes(":") ? key : `${project}:${key}`;
const asText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);
const isSecure = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "secure" in value;
