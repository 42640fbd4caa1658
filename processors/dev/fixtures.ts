/**
 * Fixtures of a processor: `test/processors/fixtures/PROCESSOR/NAME.in.txt`, a record per line, and beside it
 * `NAME.out.jsonl`, what becomes of each: its document, `"Dropped"` or `"ProcessingFailed"`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TransformAnswerRecord } from "../../firehose/transform";

export interface Fixture {
  readonly name: string;
  readonly input: string[];
  readonly output: unknown[];
}

export const fixturesFolder = join(__dirname, "..", "..", "test", "processors", "fixtures");

export function fixtures(processor: string): Fixture[] {
  const ending = ".in.txt";
  const folder = join(fixturesFolder, processor);
  if (!existsSync(folder)) return [];
  const lines = (file: string) => readFileSync(join(folder, file), "utf8").split("\n").filter(Boolean);
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => {
      const name = file.slice(0, -ending.length);
      const out = `${name}.out.jsonl`;
      // While the second file of a pair is being written, everything in it is still missing.
      const output = existsSync(join(folder, out))
        ? lines(out).map((line) => JSON.parse(line) as unknown)
        : [];
      return { name, input: lines(file), output };
    });
}

/** What became of a record, as the fixtures say it; text that is no JSON as it is. */
export function outcomeOf({ result, data }: TransformAnswerRecord): unknown {
  if (result !== "Ok") return result;
  const text = Buffer.from(data ?? "", "base64").toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
