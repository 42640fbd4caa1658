/**
 * Follows files as they grow, like `tail -F`: through rotation by name and by truncation, and over restarts from where
 * the last run was. A file that is rotated away is read on for a while: who writes it has it open still.
 */
import { codeOf, oneLine } from "../errors";
import { type BatchMemory, Packer } from "../wire/packed-batch";
import type { PutBatch } from "../wire/put-batch";
import { type Place, type Places, readPlaces, writePlaces } from "./follow-state";
import { FollowedFile, type FollowedOptions } from "./followed-file";
import { Settled } from "./settled";

export interface FollowOptions extends FollowedOptions {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** Where places are kept. */
  readonly state: string;
  readonly memory: BatchMemory;
  readonly clock: FollowClock;
  readonly signal?: AbortSignal;
  /** Lines wait so long for others to fill a batch, in milliseconds. */
  readonly quietMs: number;
}

export interface FollowClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Between two looks at files that say nothing. */
const pollMs = 200;
/** Between two writings of the places. */
const writeMs = 1000;
/** A file that was rotated away and says nothing for so long is done with. */
const graceMs = 10_000;

export class Follower {
  private readonly files = new Map<string, FollowedFile[]>();
  private readonly settled = new Settled();
  /** What is told of a path, once for as long as it holds. */
  private readonly told = new Map<string, string>();
  private readonly known: Places;
  private readonly packer: Packer;
  /** Files with records in the batch that is packed, and their places behind these. */
  private readonly packed = new Map<FollowedFile, { readonly end: number; readonly generation: number }>();
  private packedSinceMs = Number.POSITIVE_INFINITY;
  private writtenMs = Number.NEGATIVE_INFINITY;
  private isChanged = false;

  constructor(private readonly options: FollowOptions) {
    this.known = readPlaces(options.state);
    this.packer = new Packer(options.memory);
  }

  /** Ends at the signal; what was not given by then is read again by the next run. */
  async *batches(): AsyncGenerator<PutBatch> {
    const { signal, clock, quietMs } = this.options;
    for (const path of this.options.paths) await this.resume(path);
    while (!signal?.aborted) {
      let isQuiet = true;
      for (const path of this.options.paths) {
        await this.open(path);
        for (const file of this.files.get(path) ?? []) {
          const chunk = await file.read().catch((error: unknown) => this.tell(path, oneLine(error)));
          if (chunk) isQuiet = false;
          yield* this.pack(file, chunk);
        }
        await this.letGo(path);
      }
      if (clock.now() - this.packedSinceMs >= quietMs) yield* this.flush();
      this.keep(false);
      if (isQuiet) await clock.sleep(pollMs, signal);
    }
  }

  /** The batch was not accepted and is read again by the next run. */
  hold(batch: PutBatch): void {
    this.settled.hold(batch);
  }

  /** Writes the places and closes the files. */
  async close(): Promise<void> {
    this.keep(true);
    for (const files of this.files.values()) for (const file of files) await file.close();
  }

  private *pack(file: FollowedFile, chunk: Buffer | undefined): Generator<PutBatch> {
    const { clock, quietMs } = this.options;
    for (const { bytes, end } of file.records(chunk, clock.now(), quietMs)) {
      const full = this.packer.makeRoom(bytes.length);
      if (full) yield this.placed(full);
      this.packer.add(bytes);
      this.packed.set(file, { end, generation: file.generation });
      if (this.packedSinceMs === Number.POSITIVE_INFINITY) this.packedSinceMs = clock.now();
    }
  }

  private *flush(): Generator<PutBatch> {
    const rest = this.packer.rest();
    if (rest) yield this.placed(rest);
  }

  private placed(batch: PutBatch): PutBatch {
    const places = [...this.packed];
    this.packed.clear();
    this.packedSinceMs = Number.POSITIVE_INFINITY;
    this.settled.add(batch, () => {
      for (const [file, { end, generation }] of places) file.accept(end, generation);
      this.isChanged = true;
    });
    return batch;
  }

  /** The places where the last run was: of the file itself, and of what it was when it was rotated. */
  private async resume(path: string): Promise<void> {
    const files: FollowedFile[] = [];
    for (const place of this.known[path] ?? []) {
      const file = await FollowedFile.resume(path, place, this.options);
      if (file) files.push(file);
    }
    this.files.set(path, files);
  }

  /** Opens what the name leads to, where that is not open already. */
  private async open(path: string): Promise<void> {
    const files = this.files.get(path) ?? [];
    const all = [...this.files.values()].flat();
    const opened = await FollowedFile.open(path, all, this.options).catch((error: unknown) =>
      codeOf(error) === "ENOENT"
        ? this.tell(
            path,
            files.length > 0 ? "is gone; waiting for another" : "is not there; waiting for it",
            true,
          )
        : this.tell(path, oneLine(error)),
    );
    const now = this.options.clock.now();
    for (const file of files) file.rotatedMs = file === opened ? undefined : (file.rotatedMs ?? now);
    if (opened === undefined) return;
    if (files.includes(opened)) this.told.delete(path);
    else if (all.includes(opened)) this.tell(path, "is followed already, under another name", true);
    else {
      if (files.length > 0) this.options.onNote(`${path}: was rotated, going on with the new one`);
      files.push(opened);
      this.told.delete(path);
    }
    this.files.set(path, files);
  }

  private tell(path: string, what: string, isNote = false): undefined {
    if (this.told.get(path) === what) return undefined;
    this.told.set(path, what);
    if (isNote) this.options.onNote(`${path}: ${what}`);
    else this.options.onProblem(`${path}: ${what}`);
    return undefined;
  }

  /** Ends with files that were rotated away, are read to their end and say nothing more. */
  private async letGo(path: string): Promise<void> {
    const now = this.options.clock.now();
    for (const file of [...(this.files.get(path) ?? [])]) {
      const sinceMs = Math.max(file.rotatedMs ?? Number.POSITIVE_INFINITY, file.readMs);
      if (file.rotatedMs === undefined || now - sinceMs < graceMs) continue;
      if (!file.isEnded) file.isEnded = true;
      else if (file.accepted >= file.given) {
        await file.close();
        const files = this.files.get(path) ?? [];
        files.splice(files.indexOf(file), 1);
        this.isChanged = true;
      }
    }
  }

  private keep(isLast: boolean): void {
    const now = this.options.clock.now();
    if (!this.isChanged || (!isLast && now - this.writtenMs < writeMs)) return;
    this.writtenMs = now;
    this.isChanged = false;
    const followed = [...this.files].map(([path, files]): [string, Place[]] => [
      path,
      files.map((file) => file.place),
    ]);
    writePlaces(this.options.state, { ...this.known, ...Object.fromEntries(followed) });
  }
}
