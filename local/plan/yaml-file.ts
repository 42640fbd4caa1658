/** A file of Pulumi's, read as YAML (JSON is some). */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { cannotRead, notYaml } from "../errors";

/** @throws UserError where it cannot be read, or is no YAML; an empty file is an empty object */
export function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw cannotRead(file, error);
  }
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw notYaml(file, error);
  }
}
