import { deepEqual } from "node:assert/strict";
import { isIP } from "node:net";
import { fixtures } from "../../processors/dev/fixtures";
import type { FieldType } from "../../processors/field-types";
import { processors } from "../../processors/index";

const fits: Record<FieldType, (value: unknown) => boolean> = {
  text: (value) => typeof value === "string",
  keyword: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  long: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === "number",
  date: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  ip: (value) => typeof value === "string" && isIP(value) !== 0 && !value.includes("%"),
};

/** Paths of a document's values; what is below `labels` is the user's. */
function leaves(value: unknown, path: string): [string, unknown][] {
  if (path === "labels") return [];
  if (Array.isArray(value)) return value.map((item) => [path, item]);
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, part]) =>
    leaves(part, path === "" ? name : `${path}.${name}`),
  );
}

describe("the fields of", () => {
  for (const name of ["access-log", "text", "vpc-flow"]) {
    for (const { name: fixture, output } of fixtures(name)) {
      it(`${name}'s documents in ${fixture} are all declared, and of their types`, () => {
        const { fields } = processors[name]!;
        const wrong = output
          .filter((document) => typeof document === "object")
          .flatMap((document) => leaves(document, ""))
          .filter(([path, value]) => !fields[path] || !fits[fields[path]](value));
        deepEqual(wrong, []);
      });
    }
  }
});
