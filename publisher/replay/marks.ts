/** Notes of what was sent again, so that a second run repeats nothing: `<data>/replayed.ndjson`, a line per object. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { replayRuns } from "../errors";

export class Marks {
  private readonly sent = new Map<string, Set<number>>();

  private readonly lock: string;

  /** A crash has left a line without its end. */
  private torn: boolean;

  constructor(private readonly file: string) {
    this.lock = `${file}.lock`;
    const text = textOf(file);
    this.torn = text !== "" && !text.endsWith("\n");
    for (const line of text.split("\n").filter(Boolean)) {
      try {
        const { object, positions } = JSON.parse(line) as { object: string; positions: number[] };
        this.add(object, positions);
      } catch {
        // A line that a crash has torn: what it would have said is sent once more rather than never.
      }
    }
  }

  /** Keeps other runs away while this one sends: two at once would send everything twice. Gives what ends that. */
  hold(): () => void {
    mkdirSync(dirname(this.file), { recursive: true });
    for (;;) {
      try {
        writeFileSync(this.lock, String(process.pid), { flag: "wx" });
        return () => rmSync(this.lock, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const pid = Number(textOf(this.lock));
        if (isAlive(pid)) throw replayRuns(pid, this.lock);
        rmSync(this.lock, { force: true }); // Of a run that was killed.
      }
    }
  }

  has(object: string, position: number): boolean {
    return this.sent.get(object)?.has(position) ?? false;
  }

  /** Writes it down at once. @param object store and key */
  mark(object: string, positions: readonly number[]): void {
    if (positions.length === 0) return;
    this.add(object, positions);
    mkdirSync(dirname(this.file), { recursive: true });
    const start = this.torn ? "\n" : "";
    this.torn = false;
    appendFileSync(
      this.file,
      `${start}${JSON.stringify({ object, positions, at: new Date().toISOString() })}\n`,
    );
  }

  private add(object: string, positions: readonly number[]): void {
    const known = this.sent.get(object) ?? new Set();
    for (const position of positions) known.add(position);
    this.sent.set(object, known);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
