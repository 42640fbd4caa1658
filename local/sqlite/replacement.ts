/**
 * A new file in the place of a damaged one. A kill may come between any two steps: until the new file is whole the damaged
 * one stays where it is, and is saved anew at the next start.
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "../sync-folder";

const endings = ["", "-wal", "-shm"];
const freshOf = (file: string): string => `${file}.new`;

/** Removes a file and what SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const ending of endings) rmSync(file + ending, { force: true });
}

/**
 * FIRST `make` makes the new file of what it can read in the damaged one, and closes it, THEN the damaged one moves away,
 * THEN the new one takes its place.
 * @returns what `make` returns, and where the damaged file is now
 */
export function replaceDamaged<T>(file: string, make: (fresh: string) => T): { made: T; aside: string } {
  const fresh = freshOf(file);
  removeDatabase(fresh);
  const made = make(fresh);
  if (existsSync(`${fresh}-wal`))
    throw new Error(`${fresh} could not be written whole: its log is still there.`);
  const aside = layAside(file);
  takePlace(fresh, file);
  return { made, aside };
}

/** Ends a replacement that was killed between its last two steps; to be called before anybody opens the file. */
export function endReplacement(file: string): void {
  if (existsSync(file) || !existsSync(freshOf(file))) return;
  // The log of the damaged file, if it was left behind, would be taken for the new one's.
  layAside(file);
  takePlace(freshOf(file), file);
}

function takePlace(fresh: string, file: string): void {
  renameSync(fresh, file);
  syncFolder(dirname(file));
}

/** Moves a file and what SQLite keeps beside it out of the way, under a name that is not taken. */
function layAside(file: string): string {
  const time = new Date().toISOString().replace(/[:.]/g, "-");
  let aside = `${file}.damaged-${time}`;
  while (endings.some((ending) => existsSync(aside + ending))) aside += "x";
  for (const ending of endings) if (existsSync(file + ending)) renameSync(file + ending, aside + ending);
  return aside;
}
