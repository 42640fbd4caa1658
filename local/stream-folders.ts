/**
 * Where each stream keeps its queue, its index and its logs. A stream that is alone has the data folder itself, several
 * have `streams/NAME` each; `streams.json` remembers it, so that a stream keeps its files when others come or go.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { streamsFileWrong } from "./errors";
import { writeWholeFile } from "./whole-file";

/** By the stream's name, relative to the data folder: `.` or `streams/NAME`. */
export type StreamFolders = Readonly<Record<string, string>>;

/**
 * Decides on the folders and writes them down.
 * @throws UserError where `streams.json` is not one of ours
 */
export function streamFolders(dataFolder: string, names: readonly string[]): StreamFolders {
  const before = readFolders(dataFolder);
  const after = foldersFor(names, before ?? {}, existsSync(join(dataFolder, "queue.sqlite")));
  if (JSON.stringify(before) !== JSON.stringify(after))
    writeWholeFile(fileOf(dataFolder), `${JSON.stringify(after, undefined, 2)}\n`);
  return after;
}

/**
 * @param before what was written down; streams that are in there and not among `names` keep their folders
 * @param isUsed whether the data folder itself holds a queue
 */
export function foldersFor(
  names: readonly string[],
  before: StreamFolders,
  isUsed: boolean,
): Record<string, string> {
  const folders: Record<string, string> = { ...before };
  const [first] = names;
  const owner = Object.keys(before).find((name) => before[name] === ".");
  if (names.length === 1 && first !== undefined && before[first] === undefined) {
    // Another name of the one stream that there is: its data go on, as they did before there could be several.
    if (owner !== undefined && Object.keys(before).length === 1) delete folders[owner];
    if (folders[owner ?? ""] === undefined) folders[first] = ".";
  }
  // A folder from before streams had folders of their own belongs to the program's first stream.
  else if (owner === undefined && isUsed && first !== undefined) folders[first] ??= ".";
  for (const name of names) folders[name] ??= `streams/${folderName(name)}`;
  return folders;
}

/** A stream's name may be `..`, which is no folder of its own. */
const folderName = (name: string): string => name.replace(/^\./, "%2E");

const fileOf = (dataFolder: string): string => join(dataFolder, "streams.json");

function readFolders(dataFolder: string): StreamFolders | undefined {
  const file = fileOf(dataFolder);
  if (!existsSync(file)) return undefined;
  let folders: unknown;
  try {
    folders = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw streamsFileWrong(file);
  }
  if (typeof folders !== "object" || folders === null) throw streamsFileWrong(file);
  const places = Object.values(folders) as unknown[];
  const isPlace = (place: unknown): boolean =>
    typeof place === "string" && /^(\.|streams\/(?!\.)[\w.%-]+)$/.test(place);
  if (!places.every(isPlace) || new Set(places).size < places.length) throw streamsFileWrong(file);
  return folders as StreamFolders;
}
