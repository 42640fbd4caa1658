/** One file that is followed, whatever its name is by now. */
import { readdirSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { noFile } from "../errors";
import { beginsAs, type Head, headOf, type Place } from "./follow-state";
import { type FedRecord, LineFeed } from "./line-feed";
import type { RefusedLine } from "./lines";
import type { Continues } from "./stack-traces";

export interface FollowedOptions {
  readonly newline: boolean;
  /** Takes a line that is too long: `access.log:17`. */
  readonly refuse: (place: string) => RefusedLine;
  /** Makes the judge of a file's lines. */
  readonly continues?: (() => Continues) | undefined;
  readonly onNote: (text: string) => void;
  readonly onProblem: (text: string) => void;
}

const chunkBytes = 256 * 1024;

const idOf = (stat: { readonly dev: bigint; readonly ino: bigint }) => ({
  device: String(stat.dev),
  inode: String(stat.ino),
});

export class FollowedFile {
  /** When another file came in its place; undefined while the name leads to it. */
  rotatedMs: number | undefined;
  /** When something was read last. */
  readMs = Number.NEGATIVE_INFINITY;
  /** Its last line has no line end and goes as it is. */
  isEnded = false;
  /** Place behind the last record that was given. */
  given: number;
  /** Place behind the last record that was accepted. */
  accepted: number;
  /** Raised when the file was truncated: places from before mean nothing then. */
  generation = 0;
  private readAt: number;
  private feed: LineFeed;
  private readonly memory = Buffer.allocUnsafe(chunkBytes);

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly id: { readonly device: string; readonly inode: string },
    private head: Head,
    offset: number,
    private readonly options: FollowedOptions,
  ) {
    this.readAt = this.given = this.accepted = offset;
    this.feed = this.newFeed();
  }

  /** What the path leads to now: one of these, or another file from its begin; throws where that is no file. */
  static async open(
    path: string,
    known: readonly FollowedFile[],
    options: FollowedOptions,
  ): Promise<FollowedFile> {
    const stat = statSync(path, { bigint: true });
    const { device, inode } = idOf(stat);
    const same = known.find(({ id }) => id.device === device && id.inode === inode);
    if (same) return same;
    if (!stat.isFile()) throw noFile(); // To open a pipe would wait for somebody who writes.
    const file = await open(path);
    return new FollowedFile(path, file, { device, inode }, await headOf(file), 0, options);
  }

  /** The file that a place is in, by its own name or that which it has been given since. */
  static async resume(
    path: string,
    place: Place,
    options: FollowedOptions,
  ): Promise<FollowedFile | undefined> {
    for (const candidate of [path, ...siblings(path)]) {
      const file = await openSame(candidate, place);
      if (file === undefined) continue;
      const { size } = await file.stat();
      if (size >= place.offset && (await beginsAs(file, place))) {
        const id = { device: place.device, inode: place.inode };
        return new FollowedFile(path, file, id, place, place.offset, options);
      }
      await file.close();
      options.onNote(`${candidate}: was truncated or is another file by now, sent from its begin`);
      return undefined;
    }
    options.onProblem(
      `${path}: the file that was followed is gone; what stood in it behind byte ${place.offset} is not sent`,
    );
    return undefined;
  }

  get place(): Place {
    return { ...this.id, ...this.head, offset: this.accepted };
  }

  /** The next bytes, lent; undefined at the end. */
  async read(): Promise<Buffer | undefined> {
    const { bytesRead } = await this.file.read(this.memory, 0, chunkBytes, this.readAt);
    const { size } = await this.file.stat();
    const isTruncated = size < this.readAt || (bytesRead > 0 && !(await beginsAs(this.file, this.head)));
    if (isTruncated) return this.begin();
    if (this.head.headBytes < 256 && bytesRead > 0) this.head = await headOf(this.file);
    if (bytesRead === 0) return undefined;
    this.readAt += bytesRead;
    return this.memory.subarray(0, bytesRead);
  }

  /** The records of these bytes, or of what waits where nothing came for a while. */
  *records(chunk: Buffer | undefined, nowMs: number, quietMs: number): Generator<FedRecord> {
    if (chunk) {
      this.readMs = nowMs;
      this.isEnded = false;
      yield* this.noted(this.feed.push(chunk));
    } else if (this.isEnded) yield* this.noted(this.feed.end());
    else if (nowMs - this.readMs >= quietMs) yield* this.noted(this.feed.pause());
  }

  /** All before this place was accepted. */
  accept(end: number, generation: number): void {
    if (generation === this.generation) this.accepted = end;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private *noted(records: Generator<FedRecord>): Generator<FedRecord> {
    for (const record of records) {
      this.given = record.end;
      yield record;
    }
  }

  private async begin(): Promise<undefined> {
    this.options.onNote(`${this.path}: was truncated, going on from its begin`);
    this.generation++;
    this.readAt = this.given = this.accepted = 0;
    this.head = await headOf(this.file);
    this.feed = this.newFeed();
    return undefined;
  }

  private newFeed(): LineFeed {
    const { newline, refuse, continues, onNote: _, ...rest } = this.options;
    const judge = continues?.();
    const refuseLine = (line: number) => refuse(`${this.path}:${line}`);
    return new LineFeed(
      { ...rest, newline, refuse: refuseLine, skipZeros: true, ...(judge && { continues: judge }) },
      this.readAt,
    );
  }
}

async function openSame(path: string, { device, inode }: Place): Promise<FileHandle | undefined> {
  try {
    const stat = statSync(path, { bigint: true });
    if (String(stat.dev) !== device || String(stat.ino) !== inode) return undefined;
    return await open(path);
  } catch {
    return undefined; // Gone since, or a rotated file of somebody else.
  }
}

/** Where rotation moves a file: beside it, under a name that begins like its own. */
function siblings(path: string): string[] {
  const [stem = ""] = basename(path).split(".");
  try {
    const names = readdirSync(dirname(path)).filter((name) => name.startsWith(stem));
    return names.map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}
