/** Values of fields beside a document, as `fields` of a body asks for them: in the order of the document. */
import { patternMatcher } from "../../../name-pattern";
import type { FieldValues } from "../../../search-body";
import { plainNumber } from "../../documents/doc-values";
import type { FieldMap } from "../../documents/fields";
import type { DocumentView } from "../../documents/view";
import { nameOf, targetsOf } from "../../query/targets";

export function valuesOfFields(
  fields: FieldMap,
  view: DocumentView,
  names: readonly string[],
): FieldValues[] {
  const found: FieldValues[] = [];
  const wanted = names.map(patternMatcher);
  const ignored = new Set(fields.byPath("_ignored") === undefined ? [] : view.ignored());
  for (const target of targetsOf(fields, undefined)) {
    const name = nameOf(target);
    if (!wanted.some((matches) => matches(name))) continue;
    const { field, keyword } = target;
    // As a real node does: a value that did not fit takes the others of its field with it.
    if (ignored.has(field.path)) continue;
    const values = keyword ? view.keywords(field) : valuesOf(view, field);
    if (values.length > 0) found.push({ name, type: keyword ? "keyword" : field.type, values });
  }
  return found;
}

function valuesOf(view: DocumentView, field: Parameters<DocumentView["texts"]>[0]): FieldValues["values"] {
  switch (field.type) {
    case "boolean":
      return view.flags(field);
    case "ip":
      return view.addresses(field);
    case "text":
      return view.texts(field);
    default:
      return view.numbers(field).map(plainNumber);
  }
}
