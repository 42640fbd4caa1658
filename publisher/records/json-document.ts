/**
 * A `.json` file may hold one document instead of a record per line: pretty-printed, its lines would be sent as garbage.
 * It is named as such, with what to type.
 */
import { type ElementsFound, outermost } from "./json-elements";

/** What a file's first bytes say that it is, or undefined: lines. */
export function documentIn(head: Buffer): "object" | "array" | undefined {
  const text = head.toString("utf8").replace(/^\ufeff?\s+|^\ufeff/, "");
  const first = text[0];
  if (first !== "{" && first !== "[") return undefined;
  const what = first === "{" ? "object" : "array";
  const end = text.search(/[\r\n]/);
  const line = end < 0 ? text : text.slice(0, end);
  const open = openBrackets(line);
  if (open === 0) return what === "array" && isOnly(line, text.slice(line.length)) ? "array" : undefined;
  if (open === undefined) return undefined; // It closes more than it opens, or goes on behind its end: no JSON.
  // An object without a line end within the first bytes may be a long record.
  return end < 0 && what === "object" ? undefined : what;
}

/** A whole array with nothing behind it; lines that are arrays each have other lines behind them. */
function isOnly(line: string, rest: string): boolean {
  if (rest.trim() !== "") return false;
  try {
    return Array.isArray(JSON.parse(line));
  } catch {
    return false;
  }
}

/** Brackets that are open at the end; undefined where text goes on behind the outermost value. */
function openBrackets(line: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
      continue;
    }
    if (depth === 0 && at > 0 && character.trim() !== "") return undefined;
    if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
  }
  return inString ? depth + 1 : depth;
}

/** One line: what the file is, and what to type. @param found of the whole file */
export function describeDocument(what: "object" | "array", found: ElementsFound): string {
  if (what === "array")
    return `holds a JSON array, not one record per line: --records ${outermost} sends its elements`;
  const arrays = found.arrayKeys.map((key) => `--records ${key}`).join(" or ");
  const whole = `--records ${outermost} sends ${found.objects > 1 ? "each object" : "it"} as one record`;
  return `holds JSON over several lines, not one record per line: ${whole}${arrays && `, ${arrays} the elements of that array`}`;
}

/** One line: the array that was asked for is not there; what is. */
export function describeMissing(key: string, found: ElementsFound): string {
  if (found.outermostArrays > 0 && found.keys.length === 0)
    return `has no array ${key}: it is an array itself, whose elements --records ${outermost} sends`;
  const { keys, arrayKeys } = found;
  if (arrayKeys.length > 0) return `has no array ${key}; its arrays are ${arrayKeys.join(", ")}`;
  return keys.length > 0
    ? `has no array ${key}; its keys are ${keys.join(", ")}, and none of them is an array`
    : `has no array ${key}, and no keys`;
}
