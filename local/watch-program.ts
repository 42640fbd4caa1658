/** `--watch`: looks whether a file of the program has changed, and has the program read again when it has. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "./clock";
import { archivePathsOf, type Plan } from "./plan/plan";

export interface WatchOptions {
  readonly clock: Clock;
  readonly plan: Plan;
  /** Files that the plan came from. */
  readonly sources: readonly string[];
  /** @throws where the program cannot be evaluated */
  evaluate(onSources: (paths: readonly string[]) => void): Promise<Plan>;
  /** Takes the plan of the changed program over. @returns what is said of it */
  reload(plan: Plan, changed: readonly string[]): string[];
  /** What went wrong, in words for people. */
  report(error: unknown): string;
  log(text: string): void;
}

const lookMs = 300;

/** Until the signal is aborted. */
export async function watchProgram(options: WatchOptions, stop: AbortSignal): Promise<void> {
  const { clock, log } = options;
  let { plan, sources } = options;
  let seen = stampsOf([...sources, ...archivesOf(plan)]);
  const changed = new Set<string>();
  for (;;) {
    await clock.wait(lookMs, stop);
    if (stop.aborted) return;
    const now = stampsOf([...sources, ...archivesOf(plan)]);
    const news = differences(seen, now);
    seen = now;
    for (const path of news) changed.add(path);
    // What is written to just now is looked at once more: several files are often saved in a row.
    if (news.length > 0 || changed.size === 0) continue;
    const files = [...changed];
    changed.clear();
    try {
      plan = await options.evaluate((paths) => {
        sources = [...new Set([...sources, ...paths])];
      });
      for (const line of options.reload(plan, files)) log(`watch: ${line}`);
    } catch (error) {
      log(
        `watch: what was saved cannot be evaluated, the functions stay as they are.\n${options.report(error)}`,
      );
    }
    // What was saved while the program was evaluated is a change, what is watched only now is none.
    const next = stampsOf([...sources, ...archivesOf(plan)]);
    for (const path of differences(seen, next)) if (seen.has(path)) changed.add(path);
    seen = next;
  }
}

/** Folders and packed archives that functions are made of. */
const archivesOf = ({ streams }: Plan): string[] =>
  streams.flatMap(({ processor }) => (processor ? archivePathsOf(processor) : []));

type Stamps = ReadonlyMap<string, string>;

/** Of files, and of what is in folders, packages left out. */
function stampsOf(paths: readonly string[]): Stamps {
  const stamps = new Map<string, string>();
  const look = (path: string): void => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isDirectory()) return void stamps.set(path, found ? `${found.mtimeMs} ${found.size}` : "");
    for (const name of readdirSync(path)) {
      if (name !== "node_modules" && !name.startsWith(".")) look(join(path, name));
    }
  };
  for (const path of paths) look(path);
  return stamps;
}

const differences = (before: Stamps, after: Stamps): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
