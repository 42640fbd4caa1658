/** The panels of one stream: the program's, or those that were made on the page and are kept beside the stream's files. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codeOf, textOf } from "./errors";
import { type PanelCounter, QueryError, type SavedQuery } from "./rooms";
import { writeWholeFile } from "./whole-file";

const fileOf = (folder: string): string => join(folder, "panels.json");

/** Those that are kept in a stream's folder; undefined where there are none, or none that can be read, which is said. */
export function keptPanels(folder: string, log: (text: string) => void): readonly SavedQuery[] | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(folder), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { panels } = JSON.parse(text) as { panels: SavedQuery[] };
    const isPanel = (one: SavedQuery): boolean =>
      typeof one.title === "string" && typeof one.query === "string";
    if (panels.every(isPanel)) return panels.map(({ title, query }) => ({ title, query }));
  } catch {
    // Somebody has written into it; the line below says so.
  }
  log(`${fileOf(folder)} holds no panels that can be read; those of the program are shown.`);
  return undefined;
}

export class PanelBoard {
  /** Counts the changes, so that a page knows when it shows others. */
  version = 0;

  constructor(
    private readonly folder: string,
    /** The program's. */
    readonly ofProgram: readonly SavedQuery[],
    private kept: readonly SavedQuery[] | undefined,
    private readonly counter: PanelCounter,
  ) {}

  get list(): readonly SavedQuery[] {
    return this.kept ?? this.ofProgram;
  }

  get isKept(): boolean {
    return this.kept !== undefined;
  }

  /**
   * FIRST they are counted, THEN kept: what cannot be counted is not there at the next start either.
   * @param panels undefined: the program's again
   */
  async keep(panels: readonly SavedQuery[] | undefined): Promise<void> {
    await this.counter.setPanels(panels ?? this.ofProgram);
    this.kept = panels;
    this.version += 1;
    const file = fileOf(this.folder);
    if (panels === undefined) return rmSync(file, { force: true });
    writeWholeFile(file, `${JSON.stringify({ panels }, null, 2)}\n`);
  }
}

/** The panels that a stream begins with, and what is kept of them. A kept query that is wrong by now is said and left out. */
export async function withPanels<T>(
  { folder, ofProgram, log }: { folder: string; ofProgram: readonly SavedQuery[]; log(text: string): void },
  open: (panels: readonly SavedQuery[]) => Promise<T>,
): Promise<{ opened: T; kept: readonly SavedQuery[] | undefined }> {
  const kept = keptPanels(folder, log);
  if (kept === undefined) return { opened: await open(ofProgram), kept };
  try {
    return { opened: await open(kept), kept };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    log(`A panel of ${fileOf(folder)} cannot be counted: ${textOf(error)}. Those of the program are shown.`);
    return { opened: await open(ofProgram), kept: undefined };
  }
}
