/** Notes of what was sent again, so that a second run repeats nothing: `<data>/replayed.ndjson`, a line per object. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

export class Marks {
  private readonly sent = new Map<string, Set<number>>();

  /** A crash has left a line without its end. */
  private torn: boolean;

  constructor(private readonly file: string) {
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

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
