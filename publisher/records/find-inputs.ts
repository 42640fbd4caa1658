/**
 * What the paths of the command line stand for. A file is known by its device and inode, not by its name: folders of
 * logs are full of links, to files beside them, to files that are gone, and to the folders themselves.
 */
import { type BigIntStats, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { timeInName } from "../bucket/time-in-name";
import { cannotRead, oneLine } from "../errors";

/** An input that was found: a path, `-` for standard input, or an object's address. */
export interface Input {
  readonly path: string;
  /** Size in bytes as it is kept; undefined where it is not a file: standard input, a pipe. */
  readonly sizeBytes: number | undefined;
  /** The time in its name, else of its last change, in milliseconds since 1970; undefined where it is not a file. */
  readonly timeMs?: number;
  /** Gives its bytes where it is no file of this machine; each time from their begin. */
  readonly open?: () => AsyncGenerator<Buffer>;
  /** The address that was named, of which this is an object, and its key there. */
  readonly in?: { readonly url: string; readonly key: string };
}

export interface Finding {
  /** Something that should have been sent and cannot be read: one line. */
  readonly onProblem: (text: string) => void;
  /** Something that is left out on purpose: one line. */
  readonly onNote: (text: string) => void;
}

/**
 * The inputs in order, each once; a folder stands for all files in it and below, by name. Throws where nothing that was
 * named is there.
 */
export function findInputs(paths: readonly string[], finding: Finding): Input[] {
  const search = new Search(finding);
  for (const path of paths) search.named(path);
  const [first] = search.failures;
  if (first && search.found === 0) throw cannotRead(first.path, first.cause);
  for (const { path, cause } of search.failures)
    finding.onProblem(`${path}: ${oneLine(cause)}; nothing of it was sent`);
  return search.inputs;
}

class Search {
  readonly inputs: Input[] = [];
  /** Named paths that are there. */
  found = 0;
  readonly failures: { readonly path: string; readonly cause: unknown }[] = [];
  /** Path by device and inode. */
  private readonly seen = new Map<string, string>();

  constructor(private readonly finding: Finding) {}

  /** A path that a person named may be a pipe, a terminal or `/dev/stdin` too. */
  named(path: string): void {
    if (path === "-") {
      this.found++;
      if (this.isNew("-", "standard input")) this.inputs.push({ path, sizeBytes: undefined });
      return;
    }
    const stat = this.stat(path);
    if (stat === undefined) return;
    this.found++;
    if (stat.isFile() || stat.isDirectory()) this.take(path, stat);
    else if (stat.isFIFO() || stat.isCharacterDevice()) this.inputs.push({ path, sizeBytes: undefined });
    else this.finding.onProblem(`${path}: ${kindOf(stat)}, nothing to read`);
  }

  private take(path: string, stat: BigIntStats): void {
    if (!stat.isFile() && !stat.isDirectory()) {
      this.finding.onNote(`${path}: ${kindOf(stat)}, left out`);
      return;
    }
    if (!this.isNew(`${stat.dev}/${stat.ino}`, path)) return;
    if (stat.isFile()) {
      const timeMs = timeInName(path) ?? Number(stat.mtimeMs);
      this.inputs.push({ path, sizeBytes: Number(stat.size), timeMs });
    } else this.folder(path);
  }

  private folder(path: string): void {
    let names: string[];
    try {
      names = readdirSync(path).filter((name) => !name.startsWith("."));
    } catch (error) {
      this.failures.push({ path, cause: error });
      return;
    }
    for (const name of names.sort()) {
      const inner = join(path, name);
      const stat = this.stat(inner);
      if (stat) this.take(inner, stat);
    }
  }

  private isNew(identity: string, path: string): boolean {
    const known = this.seen.get(identity);
    if (known === undefined) this.seen.set(identity, path);
    else this.finding.onNote(`${path}: is ${known}, which is sent once`);
    return known === undefined;
  }

  private stat(path: string): BigIntStats | undefined {
    try {
      return statSync(path, { bigint: true });
    } catch (error) {
      this.failures.push({ path, cause: error });
      return undefined;
    }
  }
}

function kindOf(stat: BigIntStats): string {
  if (stat.isFIFO()) return "a pipe (FIFO)";
  if (stat.isSocket()) return "a socket";
  return "a device";
}
