/**
 * Fixtures of a processor: `test/processors/fixtures/PROCESSOR/NAME.in.txt`, a record per line, and beside it
 * `NAME.out.jsonl`, what becomes of each: its document, `"Dropped"` or `"ProcessingFailed"`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { TransformAnswerRecord } from "../../firehose/transform";

export interface Fixture {
  readonly name: string;
  readonly input: string[];
  readonly output: unknown[];
}

export const fixturesFolder = join(__dirname, "..", "..", "test", "processors", "fixtures");

const inEnding = ".in.txt";
const outEnding = ".out.jsonl";

/** Files of the processor's folder that end so, without their ending. */
function namesOf(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}

export function fixtures(processor: string, all: string = fixturesFolder): Fixture[] {
  const folder = join(all, processor);
  const lines = (file: string) => readFileSync(join(folder, file), "utf8").split("\n").filter(Boolean);
  return namesOf(folder, inEnding).map((name) => {
    const out = `${name}${outEnding}`;
    // While the second file of a pair is being written, everything in it is still missing.
    const output = existsSync(join(folder, out)) ? lines(out).map((line) => JSON.parse(line) as unknown) : [];
    return { name, input: lines(`${name}${inEnding}`), output };
  });
}

/** Makes of records what the processor makes of them, as {@link outcomeOf} says it. */
export type Outcomes = (records: readonly string[]) => Promise<readonly unknown[]>;

/** Places of the lines that are not what the processor made, or are there on one side only. */
export function differingLines({ output }: Fixture, outcomes: readonly unknown[]): number[] {
  const longer = outcomes.length > output.length ? outcomes : output;
  return [...longer.keys()].filter((i) => !isDeepStrictEqual(outcomes[i], output[i]));
}

/** What is wrong with the fixtures of a processor; a processor without any is wrong too. */
export async function fixtureProblems(
  processor: string,
  outcomesOf: Outcomes,
  all: string = fixturesFolder,
): Promise<string[]> {
  const problems: string[] = [];
  const known = fixtures(processor, all);
  const folder = join(all, processor);
  if (known.length === 0) problems.push(`${folder} has no file that ends in ${inEnding}`);
  for (const name of namesOf(folder, outEnding)) {
    if (!known.some((fixture) => fixture.name === name)) problems.push(`${name}${inEnding} is missing`);
  }
  for (const fixture of known) {
    if (fixture.input.length === 0) problems.push(`${fixture.name}${inEnding} has no record`);
    for (const i of differingLines(fixture, await outcomesOf(fixture.input))) {
      problems.push(`${fixture.name}${outEnding}: line ${i + 1} is not what becomes of the record`);
    }
  }
  return problems;
}

/** Writes down what becomes of the records, to be read before it is committed; gives the files. */
export async function writeFixtures(
  processor: string,
  outcomesOf: Outcomes,
  all: string = fixturesFolder,
): Promise<string[]> {
  const files: string[] = [];
  for (const { name, input } of fixtures(processor, all)) {
    const file = join(all, processor, `${name}${outEnding}`);
    const outcomes = await outcomesOf(input);
    writeFileSync(file, outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(""));
    files.push(file);
  }
  return files;
}

/** Stands for an id that a processor makes up. */
const madeUp = "00000000-0000-4000-8000-000000000000";
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/**
 * What became of a record, as the fixtures say it; text that is no JSON as it is. A random UUID, one that the record
 * does not hold, is written as zeros.
 */
export function outcomeOf({ result, data }: TransformAnswerRecord, record: string): unknown {
  if (result !== "Ok") return result;
  const written = Buffer.from(data ?? "", "base64").toString("utf8");
  const text = written.replace(uuid, (id) => (record.includes(id) ? id : madeUp));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
