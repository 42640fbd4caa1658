/** Finds what can be sent again, object by object. */
import { oneLine } from "../errors";
import { errorKindOfKey, type Item } from "./failed-lines";
import { itemsOf } from "./items";
import type { Marks } from "./marks";
import type { ObjectStore, StoredObject } from "./objects";
import { type Selection, selects } from "./selection";

export interface ReplayOptions {
  readonly store: ObjectStore;
  readonly marks: Marks;
  readonly selection: Selection;
  /** Read backups too, and not only failed records. */
  readonly backups: boolean;
  /** Send also what was sent before. */
  readonly again: boolean;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Items of an object that are selected. */
interface Found {
  readonly object: StoredObject;
  /** Store and key: what marks are kept under. */
  readonly id: string;
  readonly items: readonly Item[];
}

export async function* findItems(
  { store, selection, backups, say, signal }: ReplayOptions,
  unread: () => void = () => {},
): AsyncGenerator<Found> {
  for await (const object of store.list()) {
    if (signal?.aborted) return;
    const isBackup = errorKindOfKey(object.key) === undefined;
    if (isBackup && !backups) continue;
    // The object's time is that of its oldest record; a backup has no other.
    if (object.timeMs >= (selection.untilMs ?? Infinity)) continue;
    if (isBackup && object.timeMs < (selection.sinceMs ?? -Infinity)) continue;
    try {
      const { items, problems } = itemsOf(object, await store.read(object.key));
      for (const problem of problems) say(`${object.key}: ${problem}`);
      yield {
        object,
        id: `${store.name}/${object.key}`,
        items: items.filter((item) => selects(selection, item)),
      };
    } catch (error) {
      say(`${object.key}: ${oneLine(error)}; left out`);
      unread();
    }
  }
}
