/** One run of a processor over its fixtures and a sample of the last backup. A process of its own: fresh modules. */
import { join } from "node:path";
import { processorChain } from "../index";
import type { Processor } from "../processor";
import { lastBackup } from "./backup";
import { emit, loadEmitted } from "./emit";
import { differingLines, fixtures, type Outcomes, outcomeOf, writeFixtures } from "./fixtures";
import { sideBySide } from "./side-by-side";

const sampleRecords = 5;

export interface TryOptions {
  readonly print: (text: string) => void;
  /** Width of the terminal. */
  readonly columns: number;
  /** Writes what became of the fixtures' records into their files first. @default false */
  readonly write?: boolean;
  /** Where local runs keep their buckets. @default .local */
  readonly dataFolder?: string;
  /** @default test/processors/fixtures */
  readonly fixturesFolder?: string;
}

/** Prints the run; gives the number of fixtures' records that became something else than they should. */
export async function tryProcessor(value: string, options: TryOptions): Promise<number> {
  const { print, columns, write = false, fixturesFolder } = options;
  const { dataFolder = join(__dirname, "..", "..", ".local") } = options;
  const outcomesOf = await createOutcomes(value);
  if (write) {
    const files = await writeFixtures(value, outcomesOf, fixturesFolder);
    for (const file of files) print(`wrote ${file}: read it before you commit it`);
    if (files.length === 0)
      print(`no fixtures: put records into test/processors/fixtures/${value}/NAME.in.txt`);
  }
  let wrong = 0;
  for (const fixture of fixtures(value, fixturesFolder)) {
    const { name, input, output } = fixture;
    const outcomes = await outcomesOf(input);
    const differing = differingLines(fixture, outcomes);
    wrong += differing.length;
    print(`${differing.length === 0 ? "ok   " : "WRONG"} ${name}: ${input.length} records`);
    for (const i of differing) {
      const sides = [`expected\n${pretty(output[i])}`, `got\n${pretty(outcomes[i])}`] as const;
      print(`  line ${i + 1}: ${input[i]}\n${sideBySide(...sides, columns)}`);
    }
  }
  const backup = lastBackup(dataFolder, sampleRecords);
  print(
    backup ? `\nlast backup, ${backup.path}` : "\nno backup yet: `npm start` and `npm run publish` make one",
  );
  const outcomes = backup ? await outcomesOf(backup.records) : [];
  outcomes.forEach((outcome, i) => {
    print(`${sideBySide(backup?.records[i] ?? "", pretty(outcome), columns)}\n`);
  });
  return wrong;
}

const pretty = (outcome: unknown): string =>
  typeof outcome === "string" ? outcome : (JSON.stringify(outcome, null, 2) ?? "nothing");

/** The chain's emitted text at work. */
async function createOutcomes(value: string): Promise<Outcomes> {
  const chain = processorChain(value);
  if (typeof chain === "string") throw new Error(chain);
  const handler = loadEmitted(await emit(chain.map(withoutStream)));
  return async (records) => {
    const answer = await handler({
      invocationId: "dev",
      deliveryStreamArn: "arn:aws:firehose:eu-west-1:111122223333:deliverystream/dev",
      region: "eu-west-1",
      records: records.map((record, i) => ({
        recordId: `${i}`,
        approximateArrivalTimestamp: arrivalMs,
        data: Buffer.from(record).toString("base64"),
      })),
    });
    return answer.records.map((one, i) => outcomeOf(one, records[i]!));
  };
}

/** When the fixtures' records arrived: 2026-03-01T12:00:00Z. */
const arrivalMs = 1_772_366_400_000;

/** Further documents are shown instead of put into a stream. */
const withoutStream = ({ create, putAgain }: Processor): Processor =>
  putAgain
    ? {
        create,
        putAgain: () => async (_stream, documents) =>
          documents.map((document) => {
            console.log(`put into the stream again: ${document}`);
            return true;
          }),
      }
    : { create };

if (require.main === module) {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const [value = "", how] = process.argv.slice(2);
  tryProcessor(value, { print, columns: process.stdout.columns || 120, write: how === "--write" }).then(
    (wrong) => {
      process.exitCode = wrong === 0 ? 0 : 1;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
