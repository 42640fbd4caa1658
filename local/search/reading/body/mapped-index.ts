/** An index as it is told to those who ask what it has. */
import type { MappedField, MappedIndex } from "../../../search-body";
import { type Field, type FieldMap, ignoredFields } from "../../documents/fields";
import type { IndexRow } from "../../file/tables";

export function mappedIndex({ name, createdMs, documents, bytes }: IndexRow, fields: FieldMap): MappedIndex {
  const told = fields.list.filter(({ path, copyOf }) => path !== ignoredFields && copyOf === undefined);
  return { index: name, createdMs, count: documents, bytes, fields: told.map(mappedField) };
}

/** What the greatest limit stands for. */
const noLimit = 2 ** 31 - 1;

function mappedField({ path, type, hasKeyword, ignoreAbove, ignoreMalformed, copies }: Field): MappedField {
  const most = ignoreAbove >= noLimit ? undefined : ignoreAbove;
  return {
    path,
    type,
    ...(type === "text" && hasKeyword ? { keyword: { ignoreAbove: most } } : {}),
    ...(type === "keyword" && most !== undefined ? { ignoreAbove: most } : {}),
    ...(ignoreMalformed ? { ignoreMalformed } : {}),
    ...(copies.length === 0
      ? {}
      : { copies: Object.fromEntries(copies.map((one) => [one.path.slice(path.length + 1), one.type])) }),
  };
}
