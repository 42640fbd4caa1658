/**
 * A disk of a test that forgets what was not synced: an ext4 of its own in a file, whose cache is thrown away as a
 * loss of power does it. The kernel's own call for that (`FS_IOC_SHUTDOWN` without a flush of the log) does the cut.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Why no such disk can be made here; undefined where it can. */
export function powerLossMissing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "power loss: needs root on Linux";
  if (!existsSync("/dev/loop-control")) return "power loss: no loop devices";
  for (const tool of ["mkfs.ext4", "python3"])
    if (spawnSync(tool, ["-V"]).error) return `power loss: no ${tool}`;
  return undefined;
}

const shutDown = `import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))`;

export class ForgetfulDisk {
  readonly folder: string;
  private readonly image: string;
  private cuts = 0;

  constructor(where: string) {
    this.folder = join(where, "disk");
    this.image = join(where, "image");
    mkdirSync(this.folder);
    execFileSync("truncate", ["-s", "256M", this.image]);
    execFileSync("mkfs.ext4", ["-q", "-F", this.image]);
    this.mount();
  }

  /**
   * Nothing is written back of itself for five minutes, and a file that takes another's name is not written back for
   * that: contents that survive were synced. Names are, with any other sync: ext4 writes them down all together.
   */
  private mount(): void {
    const options = "loop,commit=300,noauto_da_alloc,data=writeback";
    execFileSync("mount", ["-o", options, this.image, this.folder]);
  }

  /** Of the newest cut: written before it, never synced. */
  private get canary(): string {
    return join(this.folder, `canary-${this.cuts}`);
  }

  /** Everything reaches the disk, as it may at any time without anybody's asking. */
  writeBack(): void {
    execFileSync("sync", ["-f", this.folder]);
  }

  /** From now on every write fails, and what the cache holds is gone. */
  cutPower(): void {
    this.cuts++;
    writeFileSync(this.canary, "not synced");
    execFileSync("python3", ["-c", shutDown, this.folder]);
  }

  /** The disk as it was found by the next start. Nobody may have a file of it open. */
  powerOn(): { forgot: boolean } {
    execFileSync("umount", [this.folder]);
    this.mount();
    return { forgot: !existsSync(this.canary) || readFileSync(this.canary, "utf8") !== "not synced" };
  }

  remove(): void {
    execFileSync("umount", ["--lazy", this.folder]);
  }
}
