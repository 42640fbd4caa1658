/** A disk of a test that becomes full and gets room again. */
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Why a disk cannot be made full here; undefined where it can. */
export function smallDiskMissing(): string | undefined {
  if (spawnSync("prlimit", ["--version"]).status === 0) return undefined;
  return "no prlimit (util-linux, on Linux only)";
}

export interface SmallDisk {
  readonly folder: string;
  /** False where every folder of the process becomes full with it. */
  readonly alone: boolean;
  /** Takes all the room that is left. */
  fill(pid: number): void;
  /** Gives it back. */
  free(pid: number): void;
  remove(): void;
}

/**
 * A file system of its own in memory; where this user may mount none, a limit on the size of the files that the
 * process may write, which refuses writes just as well, though in every folder. FAULTS_NO_MOUNT takes the latter.
 */
export function smallDisk(folder: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", folder]).status === 0;
  return mounted && process.env["FAULTS_NO_MOUNT"] === undefined
    ? memoryDisk(folder)
    : fileLimit(folder, mounted);
}

function memoryDisk(folder: string): SmallDisk {
  const ballast = join(folder, "ballast");
  return {
    folder,
    alone: true,
    fill: () => {
      const descriptor = openSync(ballast, "a");
      try {
        for (let bytes = 1 << 20; bytes >= 4096; ) {
          try {
            writeSync(descriptor, Buffer.alloc(bytes));
          } catch (error) {
            if ((error as { code?: string }).code !== "ENOSPC") throw error;
            bytes >>= 1;
          }
        }
      } finally {
        closeSync(descriptor);
      }
    },
    free: () => rmSync(ballast),
    remove: () => void execFileSync("umount", ["--lazy", folder]),
  };
}

function fileLimit(folder: string, mounted: boolean): SmallDisk {
  if (mounted) execFileSync("umount", [folder]);
  const limit = (pid: number, bytes: string) =>
    execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
  return {
    folder,
    alone: false,
    fill: (pid) => void limit(pid, "20000"),
    free: (pid) => void limit(pid, "unlimited"),
    remove: () => {},
  };
}
