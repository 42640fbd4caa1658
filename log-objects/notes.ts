/** One note for each version of an object, so that an event that comes twice is worked off once. */
import type { LogObject, Note } from "./events";
import type { Store } from "./store";

/** How far an object has come. */
export type Progress = Pick<Note, "records" | "bytes" | "isPacked" | "also">;

/** What {@link createNotes} says of an object. */
export type Begun =
  | ({ readonly state: "ours" } & Progress)
  | { readonly state: "done" }
  | { readonly state: "taken"; readonly untilMs: number };

export interface Notes {
  /** Takes the object for so long, unless it is done or somebody else has it. */
  begin(object: LogObject, nowMs: number, forMs: number): Promise<Begun>;
  /** Writes how far it has come. */
  keep(object: LogObject, note: Omit<Note, "bucket" | "key">): Promise<void>;
}

export const createNotes = (store: Store): Notes => {
  const { stringify, parse } = JSON;
  const { createHash } = require("node:crypto") as typeof import("node:crypto");
  const keyOf = ({ bucket, key, versionId, etag }: LogObject): string =>
    `notes/${createHash("sha256")
      .update(`${bucket}\n${key}\n${versionId || etag || ""}`)
      .digest("hex")}.json`;
  const textOf = ({ bucket, key }: LogObject, rest: Omit<Note, "bucket" | "key">): string =>
    stringify({ bucket, key, ...rest });
  return {
    begin: async (object, nowMs, forMs) => {
      const key = keyOf(object);
      const first = textOf(object, { records: 0, untilMs: nowMs + forMs, isDone: false });
      if (await store.putNote(key, first, { IfNoneMatch: "*" })) return { state: "ours", records: 0 };
      const { text, etag } = await store.readNote(key);
      const { untilMs, isDone, records, bytes, isPacked, also } = parse(text) as Note;
      const progress: Progress = { records, bytes, isPacked, also };
      if (isDone) return { state: "done" };
      if (untilMs > nowMs) return { state: "taken", untilMs };
      const next = textOf(object, { ...progress, untilMs: nowMs + forMs, isDone: false });
      const isOurs = await store.putNote(key, next, { IfMatch: etag });
      return isOurs ? { state: "ours", ...progress } : { state: "taken", untilMs: nowMs + forMs };
    },
    keep: async (object, rest) => {
      await store.putNote(keyOf(object), textOf(object, rest), {});
    },
  };
};
