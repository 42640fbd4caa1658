/** The settings that only one processor reads, as lists that reach it through the function's environment. */
import { processors } from "../processors";
import { maskPatterns } from "../processors/redaction/configuration";
import { type RedactSettings, type Settings, settingDefaults } from "./settings";
import type { ValueReader } from "./value-reader";

/** Lambda takes 4 KB of environment in all. */
const maxRedactFieldsBytes = 3000;
const maxListsBytes = 3600;

export function readRedact(read: ValueReader): RedactSettings {
  const of = settingDefaults;
  const fields = read.list("redactFields", of.redactFields);
  const odd = fields.filter((name) => name.trim() === "" || name.trim() !== name);
  if (odd.length > 0) {
    const allowed = "names of fields without blanks around them, such as password or user.email";
    read.wrong("redactFields", odd.join(", "), allowed, 0, "--path 'redactFields[0]'");
  }
  const bytes = Buffer.byteLength(JSON.stringify(fields));
  if (bytes > maxRedactFieldsBytes) {
    const allowed = `at most ${maxRedactFieldsBytes} bytes of JSON, as the function's environment takes no more`;
    read.wrong("redactFields", `${bytes} bytes`, allowed, 0, "--path 'redactFields[0]'");
  }
  const patterns = read.list("redactPatterns", of.redactPatterns);
  const known: readonly string[] = maskPatterns;
  const unknown = patterns.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const allowed = `one or several of ${known.join(", ")}`;
    read.wrong("redactPatterns", unknown.join(", "), allowed, 0, "--path 'redactPatterns[0]'");
  }
  return { fields, patterns };
}

/** Lambda takes 4 KB of environment in all; all names that AWS documents need half of this. */
const maxOrderBytes = 2000;

/** The names of a line's fields in their order, each once. */
export function readOrder(read: ValueReader, key: "accessLogFields" | "vpcFlowFields"): readonly string[] {
  const names = read.list(key, settingDefaults[key]);
  const setter = `--path '${key}[0]'`;
  const odd = names.filter((name, i) => !/^[\w().@-]{1,64}$/.test(name) || names.indexOf(name) !== i);
  if (odd.length > 0) {
    const allowed = "names of fields, each once, in the order in which a line has them";
    return read.wrong(key, odd.join(", "), allowed, names, setter);
  }
  const bytes = Buffer.byteLength(JSON.stringify(names));
  if (bytes <= maxOrderBytes) return names;
  const allowed = `at most ${maxOrderBytes} bytes of JSON, as the function's environment takes no more`;
  return read.wrong(key, `${bytes} bytes`, allowed, names, setter);
}

/** A setting of a processor that is not in the chain would do nothing: somebody believes that it does. */
export function checkProcessorLists(read: ValueReader, settings: Settings): void {
  const owners = {
    redactFields: ["redact", settings.redact.fields],
    redactPatterns: ["redact", settings.redact.patterns],
    accessLogFields: ["access-log", settings.accessLogFields],
    vpcFlowFields: ["vpc-flow", settings.vpcFlowFields],
  } as const;
  let bytes = 0;
  for (const [key, [owner, list]] of Object.entries(owners)) {
    const got = JSON.stringify(list);
    if (settings.processorChain.includes(processors[owner]!)) bytes += got.length;
    else if (list.length > 0 && got !== JSON.stringify(settingDefaults[key as keyof typeof owners])) {
      const allowed = `nothing, as the processor ${owner} is not in the chain ${settings.processorName}; put it there`;
      read.wrong(key, got, allowed, 0, "processor");
    }
  }
  const { fields, patterns } = settings.redact;
  if (fields.length + patterns.length === 0 && settings.processorChain.includes(processors["redact"]!)) {
    const allowed = "a field or a pattern, as the processor redact would take nothing out";
    read.wrong("redactFields and redactPatterns", "[]", allowed, 0, "--path 'redactFields[0]'");
  }
  if (bytes > maxListsBytes) {
    const allowed = `at most ${maxListsBytes} bytes of JSON together, as the function's environment takes no more`;
    read.wrong(Object.keys(owners).join(", "), `${bytes} bytes`, allowed, 0, "--path 'redactFields[0]'");
  }
}
