/** The data folder before anything is opened in it: there, ours alone, and everything in it of the kind it must be. */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { codeOf, folderNotWritable, lockIsGarbage, UserError, wrongKind } from "./errors";

type Kinds = Readonly<Record<string, "file" | "folder">>;

/** What a stream keeps in its folder. */
const streamKinds: Kinds = {
  "queue.sqlite": "file",
  "queue.sqlite-wal": "file",
  "queue.mark": "file",
  "index.sqlite": "file",
  "index.sqlite-wal": "file",
  "index.sqlite.lock": "file",
  "index.sqlite.suspect": "file",
  "delivered.sqlite": "file",
  "delivered.sqlite-wal": "file",
  "panels.json": "file",
  logs: "folder",
};

/** What a run keeps in its folder, which may be a stream's folder too. */
const runKinds: Kinds = {
  ...streamKinds,
  "run.json": "file",
  "streams.json": "file",
  "objects.sqlite": "file",
  "objects.sqlite-wal": "file",
  "failed-objects.jsonl": "file",
  streams: "folder",
  s3: "folder",
};

/** Records may be anybody's secrets: from now on, what this process makes is its user's alone. */
const othersMayNothing = 0o077;

/** @throws UserError that names what is in the way */
export function prepareDataFolder(folder: string): void {
  process.umask(othersMayNothing);
  prepareFolder(folder, closeToOthers);
  checkKinds(folder, runKinds);
}

/** @throws UserError that names what is in the way */
export function prepareStreamFolder(folder: string): void {
  prepareFolder(folder);
  checkKinds(folder, streamKinds);
}

function prepareFolder(folder: string, close = (_folder: string): void => {}): void {
  checkKind(folder, "folder");
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    close(folder);
  } catch (error) {
    throw folderNotWritable(folder, error);
  }
}

function checkKinds(folder: string, kinds: Kinds): void {
  for (const [name, kind] of Object.entries(kinds)) checkKind(join(folder, name), kind);
  checkLock(join(folder, "index.sqlite.lock"));
}

/** One by one: Node's own way tries for ever below a folder like /proc, which has no room for new ones. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** A folder that holds other things too, such as a home, keeps the rights that it has. */
function closeToOthers(folder: string): void {
  const isOurs = readdirSync(folder).every((name) =>
    Object.keys(runKinds).some((ours) => name.startsWith(ours)),
  );
  if (isOurs) chmodSync(folder, 0o700);
}

/** A link counts as what it leads to, so that a part of the data may lie on another disk. */
function checkKind(path: string, wanted: "file" | "folder"): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return;
    if (wanted === "file" ? !found.isFile() : !found.isDirectory()) {
      throw wrongKind(
        path,
        found.isDirectory() ? "a folder" : found.isFile() ? "a file" : "a device",
        wanted,
      );
    }
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw error instanceof UserError ? error : folderNotWritable(path, error);
  }
}

/** An empty lock is new; any other is a file of SQLite. */
function checkLock(path: string): void {
  const start = Buffer.alloc(15);
  let bytes = 0;
  try {
    const descriptor = openSync(path, "r");
    bytes = readSync(descriptor, start, 0, start.length, 0);
    closeSync(descriptor);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw folderNotWritable(path, error);
  }
  if (bytes > 0 && start.toString("latin1") !== "SQLite format 3") throw lockIsGarbage(path);
}
