/** The objects of a bucket's folder, the newest keys first, level by level. */
import { RequestProblem } from "../answers";
import type { BackupFolder, BackupListing, BackupObject } from "../backup-folder";

/** @param resume a key: only what comes behind it */
export async function* newestObjects(
  folder: BackupFolder,
  prefix = "",
  resume?: string,
): AsyncGenerator<BackupObject> {
  let before: string | undefined;
  if (resume?.startsWith(prefix)) {
    const slash = resume.indexOf("/", prefix.length);
    if (slash >= 0) {
      const within = resume.slice(0, slash + 1);
      yield* newestObjects(folder, within, resume);
      before = within;
    } else before = resume;
  }
  let listing: BackupListing;
  do {
    try {
      listing = await folder.list(prefix, before);
    } catch (error) {
      // There are no failed records yet, or what lay here has just been deleted.
      if (error instanceof RequestProblem && error.status === 404) return;
      throw error;
    }
    for (const entry of newestFirst(listing)) {
      if (typeof entry === "string") yield* newestObjects(folder, entry);
      else yield entry;
    }
    before = listing.next;
  } while (before !== undefined);
}

const nameOf = (entry: string | BackupObject): string =>
  typeof entry === "string" ? entry.slice(0, -1) : entry.key;

function newestFirst({ folders, objects }: BackupListing): (string | BackupObject)[] {
  return [...folders, ...objects].sort((a, b) => (nameOf(a) < nameOf(b) ? 1 : -1));
}
