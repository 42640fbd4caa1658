/** A file of Pulumi's, read as YAML (JSON is some). */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { cannotRead, notMapping, notYaml } from "../errors";

/** @throws UserError where it cannot be read, or is no YAML with names and values; an empty file has none */
export function readYaml(file: string): object {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw cannotRead(file, error);
  }
  let read: unknown;
  try {
    read = parse(text) ?? {};
  } catch (error) {
    throw notYaml(file, error);
  }
  return mapping(read, file, "its text");
}

/** @throws UserError where it is a text, a list or a number */
export function mapping(read: unknown, file: string, what: string): object {
  if (typeof read !== "object" || read === null || Array.isArray(read)) throw notMapping(file, what, read);
  return read;
}
