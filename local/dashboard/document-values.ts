/** Values of a document below a dotted name: through objects, arrays flattened, and keys that hold dots themselves. */
import { ExactNumber } from "../exact-json";

export function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path.length === 0) return value === undefined || value === null ? [] : [value];
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return [];
  return path.flatMap((_part, at) => {
    const key = path.slice(0, at + 1).join(".");
    return Object.hasOwn(value, key)
      ? valuesAt((value as Record<string, unknown>)[key], path.slice(at + 1))
      : [];
  });
}
