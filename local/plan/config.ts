/** The configuration of a stack, as the Pulumi engine would hand it to the program. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { nearestName } from "../../typed/nearest-name";
import { badSetting, unknownSetting, unknownStack } from "../errors";
import type { Project } from "./project";
import { mapping, readYaml } from "./yaml-file";

export interface StackConfig {
  readonly stack: string;
  /** Keys with their namespace; objects and lists as JSON text. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose value is a secret, or has one in it. */
  readonly secretKeys: readonly string[];
  readonly notes: readonly string[];
}

type Values = Record<string, unknown>;

const placeholder = "placeholder-of-an-encrypted-value";
const defaultStack = "dev";

/**
 * Reads the stack's file and applies defaults and `--set key=value`: default, file, set.
 * @param stack none: the stack `dev`, or the only one there is
 */
export function readConfig(project: Project, stack: string | undefined, set: readonly string[]): StackConfig {
  const notes: string[] = [];
  const secretKeys: string[] = [];
  const values: Record<string, string> = {};
  const full = (key: string): string => (key.includes(":") ? key : `${project.name}:${key}`);
  for (const [key, declaration] of Object.entries(project.config)) {
    const value = defaultOf(declaration);
    if (value !== undefined) values[full(key)] = asText(value);
  }
  const file = readStack(project, stack);
  for (const [key, value] of Object.entries(file.config)) {
    const { plain, secret } = decrypted(value);
    if (secret) secretKeys.push(full(key));
    values[full(key)] = asText(plain);
  }
  for (const text of set) {
    const [key, value] = settingOf(text, project, Object.keys(file.config));
    values[full(key)] = value;
  }
  const given = set.map((text) => full(text.slice(0, text.indexOf("="))));
  for (const key of secretKeys.filter((one) => !given.includes(one))) {
    const short = key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
    notes.push(
      `${key} is encrypted in Pulumi.${file.stack}.yaml; a placeholder stands in for it here. Give another with --set ${short}=VALUE.`,
    );
  }
  return { stack: file.stack, values, secretKeys, notes: [...notes, ...file.notes] };
}

/** A project that declares its settings knows no others: a slip of the pen is not taken for one. */
function settingOf(text: string, project: Project, used: readonly string[]): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw badSetting(text, "expected key=value, such as --set processor=identity");
  const own = (key: string): string =>
    key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
  const isOwn = (key: string): boolean => !own(key).includes(":");
  const declared = Object.keys(project.config).filter(isOwn).map(own);
  const key = text.slice(0, at);
  const declaresAll = declared.length > 0 && used.filter(isOwn).every((one) => declared.includes(own(one)));
  if (declaresAll && isOwn(key) && !declared.includes(own(key))) {
    throw unknownSetting(own(key), declared, nearestName(own(key), declared));
  }
  return [key, text.slice(at + 1)];
}

interface StackFile {
  readonly stack: string;
  readonly config: Values;
  readonly notes: readonly string[];
}

const stacksOf = ({ stackFolder }: Project): string[] =>
  existsSync(stackFolder)
    ? readdirSync(stackFolder).flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? [])
    : [];

/** The stack that is asked for, or the only one there is, or `dev`. */
export function chooseStack(project: Project, asked: string | undefined): string {
  const known = stacksOf(project);
  return asked ?? (known.length === 1 ? known[0]! : defaultStack);
}

function readStack(project: Project, asked: string | undefined): StackFile {
  const { folder, stackFolder } = project;
  const known = stacksOf(project);
  const stack = chooseStack(project, asked);
  if (!known.includes(stack)) {
    if (known.length > 0 || stack !== defaultStack)
      throw unknownStack(stack, known, nearestName(stack, known));
    const note = `${folder} has no Pulumi.STACK.yaml: the settings are the project's defaults and --set alone.`;
    return { stack, config: {}, notes: [note] };
  }
  const ending = existsSync(join(stackFolder, `Pulumi.${stack}.yaml`)) ? "yaml" : "yml";
  const path = join(stackFolder, `Pulumi.${stack}.${ending}`);
  const { config, environment } = readYaml(path) as { config?: unknown; environment?: unknown };
  const notes =
    environment === undefined
      ? []
      : [
          `Pulumi.${stack}.${ending} takes values from an environment of Pulumi's service, which is not asked here; give them with --set KEY=VALUE.`,
        ];
  return { stack, config: mapping(config ?? {}, path, "config") as Values, notes };
}

/** A declaration is a schema (`type`, `default`, `value`), or for another namespace the value itself. */
function defaultOf(declaration: unknown): unknown {
  if (typeof declaration !== "object" || declaration === null || Array.isArray(declaration))
    return declaration;
  const { default: byDefault, value } = declaration as { default?: unknown; value?: unknown };
  return value ?? byDefault;
}

/** What is encrypted, at any depth, is a placeholder. */
function decrypted(value: unknown): { readonly plain: unknown; readonly secret: boolean } {
  if (typeof value !== "object" || value === null) return { plain: value, secret: false };
  const entries = Object.entries(value);
  if (entries.length === 1 && typeof (value as Values)["secure"] === "string") {
    return { plain: placeholder, secret: true };
  }
  const parts = entries.map(([key, part]) => [key, decrypted(part)] as const);
  const secret = parts.some(([, part]) => part.secret);
  const plain = Array.isArray(value)
    ? parts.map(([, part]) => part.plain)
    : Object.fromEntries(parts.map(([key, part]) => [key, part.plain]));
  return { plain, secret };
}

const asText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);
