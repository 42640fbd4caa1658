/** The fields that some documents have, with the values that are there most often. */
import type { DatabaseSync } from "node:sqlite";
import type { SeenField } from "../../rooms";
import { ignoredFields } from "../documents/fields";
import { DocumentView } from "../documents/view";
import type { FoundRef } from "./searched";
import { hitReader } from "./stored-documents";
import type { WorkLimit } from "./work-limit";

const topValues = 10;
/** Longer values are no use as a filter to click on. */
const topValueUnits = 256;

/** A copy of a field is one of its own, as on a real node; its values are told with the field that it copies. */
export function seenFields(db: DatabaseSync, refs: readonly FoundRef[], limit: WorkLimit): SeenField[] {
  const seen = new Map<string, { type: string; values: Map<string, number> }>();
  for (const { seq, ts, searched } of refs) {
    if (limit.isOver) break;
    const { source, _id: id } = hitReader(db, searched)(seq);
    const view = new DocumentView(source, searched.fields, { id, timestampMs: ts });
    for (const field of searched.fields.list) {
      if (field.isTime || field.type === "object" || field.path === ignoredFields) continue;
      for (const value of new Set(view.texts(field))) {
        if (field.type === "text" && field.hasKeyword && !seen.has(`${field.path}.keyword`)) {
          seen.set(`${field.path}.keyword`, { type: "keyword", values: new Map() });
        }
        const entry = seen.get(field.path) ?? { type: field.type, values: new Map<string, number>() };
        seen.set(field.path, entry);
        if (field.copyOf !== undefined) break;
        if (value.length <= topValueUnits) entry.values.set(value, (entry.values.get(value) ?? 0) + 1);
      }
    }
  }
  return [...seen]
    .map(([name, { type, values }]) => ({ name, type, top: topOf(values) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function topOf(values: Map<string, number>): { value: string; count: number }[] {
  const sorted = [...values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.slice(0, topValues).map(([value, count]) => ({ value, count }));
}
