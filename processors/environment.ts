/** Lists that the configuration hands to the function, as JSON in its variables. */

/** The texts of a variable's list, or `usual` where the variable is not there. */
export function namesOf(variable: string, usual: readonly string[]): readonly string[] {
  const text = process.env[variable];
  if (!text) return usual;
  const names = /^\s*\[/.test(text) ? (JSON.parse(text) as unknown[]) : [null];
  if (names.every((name) => typeof name === "string")) return names;
  throw new TypeError(`${variable} is no JSON list of texts`);
}
