/** One process at a time: a lock that the system takes back when the process dies, however it dies. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface HeldFile {
  release(): void;
}

/** Holds `file` until it is released; throws when somebody else does. */
export function holdFile(file: string): HeldFile {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (x)");
  } catch (error) {
    lock.close();
    if (!/locked|busy/.test(String(error))) throw error;
    throw new Error(
      `The index ${file} is in use by another process. Stop that one, or give this one another folder (--data).`,
    );
  }
  return { release: () => lock.close() };
}
