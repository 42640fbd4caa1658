/** Objects of foreign making in the one shape that every index takes, whatever came before. */
import type { FieldType, FieldTypes } from "../field-types";
import { createFlatten, type Room } from "./flatten";
import { createIsObject, type Json, type JsonObject } from "./json-object";
import { createPlainNumber } from "./number";

interface Tree {
  readonly [name: string]: FieldType | Tree;
}

/** The declared fields below `prefix`, as a tree: `{"log.level":"text"}` is `{"log":{"level":"text"}}`. */
export function treeOf(fields: FieldTypes, prefix = ""): Tree {
  const root: Record<string, unknown> = {};
  for (const [path, type] of Object.entries(fields)) {
    if (!path.startsWith(prefix)) continue;
    const parts = path.slice(prefix.length).split(".");
    let level = root;
    for (const part of parts.slice(0, -1)) {
      level[part] = level[part] ?? {};
      level = level[part] as Record<string, unknown>;
    }
    level[parts.at(-1)!] = type;
  }
  return root as Tree;
}

/**
 * A field that is declared keeps its type; one that is an object there has what it does not declare as texts in its
 * `other`. Any other field is text, numbers, or a list of them, never an object: an object becomes a list of texts (see
 * {@link createFlatten}), and a key with dots is an object as any other, so that a label has one name whatever else is
 * in its document. What a declared type cannot hold (an object for a number), and what comes after `maxNames` fields,
 * goes as text into `overflow`. All of it goes into `shaped`.
 */
export function createShape(tree: Tree, maxNames: number) {
  const { keys, hasOwn } = Object;
  const flatten = createFlatten();
  const { free, typed, misfit } = createSettle();
  const nameOf = createName();
  const put = createPut();
  const isObject = createIsObject();
  const maxTexts = 1000;
  let room: Room = { texts: 0 };
  function below(value: Json, declared: Tree): JsonObject {
    const shaped: JsonObject = {};
    if (!isObject(value)) put(shaped, "other", flatten(value, "", room));
    else for (const key of keys(value)) place(shaped, declared, key, value[key], shaped, "other");
    return shaped;
  }
  function place(
    target: JsonObject,
    known: Tree,
    key: string,
    value: Json,
    rest: JsonObject,
    restName: string,
  ): void {
    const dot = key.indexOf(".");
    const name =
      dot === -1 || (hasOwn(known, key) && typeof known[key] === "string") ? key : key.slice(0, dot);
    const declared = hasOwn(known, name) ? known[name]! : "";
    if (declared === "") put(rest, restName, flatten(value, key, room));
    else if (typeof declared === "object") {
      const inner = below(name === key ? value : { [key.slice(dot + 1)]: value }, declared);
      const before = target[name] as JsonObject | undefined;
      if (!before) target[name] = inner;
      else for (const part of keys(inner)) put(before, part, inner[part]);
    } else {
      const settled = name === key ? typed(value, declared, room) : misfit;
      if (settled === misfit || target[name] != null) put(rest, restName, flatten(value, key, room));
      else target[name] = settled;
    }
  }
  return (object: JsonObject, shaped: JsonObject): JsonObject => {
    let names = 0;
    room = { texts: maxTexts };
    for (const key of keys(object)) {
      const { top, rest } = nameOf(key);
      const value = object[key];
      if (++names > maxNames) put(shaped, "overflow", flatten(value, key, room));
      else if (hasOwn(tree, top)) place(shaped, tree, key, value, shaped, "overflow");
      else if (rest !== "") put(shaped, top, flatten(value, rest, room));
      else put(shaped, top, free(value, room));
    }
    return shaped;
  };
}

/** A second value for a name makes a list of texts of both. */
function createPut() {
  const { hasOwn } = Object;
  const { isArray } = Array;
  const { stringify } = JSON;
  const listOf = (value: Json): Json[] => (isArray(value) ? value : [value]);
  const textOf = (value: Json): string => (typeof value === "string" ? value : stringify(value));
  return (target: JsonObject, name: string, value: Json): void => {
    if (!hasOwn(target, name) || target[name] === null) target[name] = value;
    else if (isArray(target[name]) && typeof target[name].at(-1) === "string")
      for (const item of listOf(value)) target[name].push(textOf(item));
    else target[name] = [...listOf(target[name]), ...listOf(value)].map(textOf);
  };
}

/**
 * A value as its field holds it: one that is declared of its type, `misfit` where it cannot be; any other text, a
 * number, or a list of either.
 */
function createSettle() {
  const { isArray } = Array;
  const { stringify } = JSON;
  const isObject = createIsObject();
  const flatten = createFlatten();
  const plainNumber = createPlainNumber();
  const isTruth = /^(?:true|false)$/;
  const misfit = {};
  const scalar = (value: Json): Json =>
    value === null || typeof value === "string" || typeof value === "boolean" ? value : plainNumber(value);
  /** A number with digits of its own, among what is no object. */
  const isRaw = (item: Json): boolean => typeof item === "object" && item !== null && !isArray(item);
  const free = (value: Json, room: Room): Json => {
    if (isObject(value)) return flatten(value, "", room);
    if (!isArray(value)) return scalar(value);
    const items = value.map((item) => (isArray(item) || isObject(item) ? value : scalar(item)));
    const isNumbers = items.every((item) => item === null || typeof item === "number" || isRaw(item));
    if (isNumbers || items.every((item) => item === null || typeof item === "string")) return items;
    return flatten(value, "", room);
  };
  const typed = (value: Json, type: FieldType, room: Room): Json => {
    if (type === "text" || type === "keyword") return free(value, room);
    if (isArray(value)) {
      const items = value.map((item) => (isArray(item) ? misfit : typed(item, type, room)));
      return items.includes(misfit) ? misfit : items;
    }
    if (isObject(value)) return misfit;
    if (value === null) return value;
    if (type === "boolean") return isTruth.test(`${value}`) ? value : misfit;
    const isNumber = type === "long" || type === "double";
    return typeof value === "string" || (isNumber && typeof value !== "boolean")
      ? scalar(value)
      : stringify(value);
  };
  return { free, typed, misfit };
}

/**
 * Where a key goes that no processor declares: `a.b` below `a`. A key with an empty or blank part (``, `.a`, `b.`,
 * `c..d`) has underscores for its dots and blanks; a name that the index keeps for itself gets one behind it, and one
 * of more than 200 characters goes as a whole into `overflow`. So does one that was made for its value, a number of an
 * order, a day, a hash, an address: each would be a field of its own, and an index takes some hundreds of them.
 */
function createName() {
  const plain = /^[A-Za-z][A-Za-z_]*\d{0,4}$/;
  // 12345, 2026-03, 1f0c9ba2-77d4, 192.0.2.1, /cart, jane@example.org, https://example.org
  const made = /\d{5}|\d{4}-\d\d|(?=[a-f-]*\d)(?=[\d-]*[a-f])[\da-f-]{12}|^\d+(?:\.\d+){3}$|^\/|.@|:\/\//i;
  const empty = /^\s*$|(?:^|\.)\s*(?:\.|$)/;
  const separators = /[.\s]/g;
  const maxLength = 200;
  const reserved =
    /^_(?:id|index|type|source|routing|field_names|ignored|nested_path|version|seq_no|primary_term|tier|doc_count|data_stream_timestamp)$/;
  return (key: string): { readonly top: string; readonly rest: string } => {
    if (key.length <= maxLength && plain.test(key)) return { top: key, rest: "" };
    if (key.length > maxLength || made.test(key)) return { top: "overflow", rest: key };
    const isEmpty = empty.test(key);
    const dot = isEmpty ? -1 : key.indexOf(".");
    const name = isEmpty ? key.replace(separators, "_") || "_" : key;
    const top = dot === -1 ? name : name.slice(0, dot);
    const rest = dot === -1 ? "" : key.slice(dot + 1);
    return { top: top === "__proto__" || reserved.test(top) ? `${top}_` : top, rest };
  };
}
