/** What has no form of its own, as a list of texts: `{"app":{"tier":1}}` is `["app.tier=1"]`. */
import { createIsObject, type Json, type JsonObject } from "./json-object";

/** How many texts a document may still have. */
export interface Room {
  texts: number;
}

/**
 * Each value with its path in front, so that no two documents disagree about the shape or the type of a field, whatever
 * is in it. A key with dots is a path as any other. A pair as `{"name":"Host","value":"a"}` is `Host=a`. What is deeper
 * than 16 levels, below a path of more than 200 characters, or beyond the `room` for texts is JSON text, so that the
 * lists are never much longer than their source.
 */
export function createFlatten() {
  const { stringify } = JSON;
  const { isArray } = Array;
  const { keys } = Object;
  const isObject = createIsObject();
  const maxDepth = 16;
  const maxPath = 200;
  const nameOf = createPairName();
  // A function that calls itself needs a declaration: the serializer knows a const only below its line.
  function walk(value: Json, path: string, depth: number, texts: string[], room: Room): void {
    const isList = isArray(value);
    const names = isList || !isObject(value) ? [] : keys(value);
    const count = isList ? value.length : names.length;
    if (count === 0 || depth > maxDepth || path.length > maxPath || count > room.texts) {
      const text = typeof value === "string" ? value : stringify(value);
      texts.push(path === "" ? text : `${path}=${text}`);
      return;
    }
    room.texts -= count;
    if (isList) {
      for (const item of value) walk(item, path, depth + 1, texts, room);
      return;
    }
    const object = value as JsonObject;
    const pair = count === 2 ? nameOf(object) : "";
    const above = path === "" ? "" : `${path}.`;
    if (pair !== "") walk(object["value"], above + pair, depth + 1, texts, room);
    else for (const name of names) walk(object[name], above + name, depth + 1, texts, room);
  }
  return (value: Json, path: string, room: Room): string[] => {
    const texts: string[] = [];
    walk(value, path, 1, texts, room);
    return texts;
  };
}

/** The name of a pair such as `{"name":"Host","value":"a"}`, "" for what is none. */
function createPairName() {
  const isObject = createIsObject();
  return (object: JsonObject): string => {
    const name = object["name"] ?? object["key"];
    return typeof name === "string" && "value" in object && !isObject(object["value"]) ? name : "";
  };
}
