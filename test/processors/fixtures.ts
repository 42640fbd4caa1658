/** Pairs of files: `NAME.in.txt`, a record per line, and `NAME.out.jsonl`, its document, `"Dropped"` or `"ProcessingFailed"`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Fixture {
  readonly name: string;
  readonly input: string[];
  readonly output: unknown[];
}

export const fixturesFolder = join(__dirname, "fixtures");

export function fixtures(processor: string, folder = fixturesFolder): Fixture[] {
  const ending = ".in.txt";
  return readdirSync(join(folder, processor))
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => {
      const name = file.slice(0, -ending.length);
      const lines = (path: string) => readFileSync(path, "utf8").split("\n").filter(Boolean);
      return {
        name,
        input: lines(join(folder, processor, file)),
        output: lines(join(folder, processor, `${name}.out.jsonl`)).map(
          (line) => JSON.parse(line) as unknown,
        ),
      };
    });
}

/** What a fixture says of a record: its document, or its result. */
export const outcomeOf = (answer: object): unknown =>
  "document" in answer ? answer.document : "result" in answer ? answer.result : undefined;
