/** One run of a processor over its fixtures and a sample of the last backup. A process of its own: fresh modules. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { processorChain } from "../index";
import type { Processor } from "../processor";
import { lastBackup } from "./backup";
import { emit, loadEmitted } from "./emit";
import { fixtures, outcomeOf } from "./fixtures";
import { sideBySide } from "./side-by-side";

const sampleRecords = 5;

/** Prints the run; gives the number of fixtures' records that became something else than they should. */
export async function tryProcessor(
  value: string,
  print: (text: string) => void,
  columns: number,
  dataFolder: string = join(__dirname, "..", "..", ".local"),
): Promise<number> {
  const chain = processorChain(value);
  if (typeof chain === "string") throw new Error(chain);
  const handler = loadEmitted(await emit(chain.map(withoutStream)));
  const call = async (records: readonly string[]) => {
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
    return answer.records.map(outcomeOf);
  };
  const pretty = (outcome: unknown) =>
    typeof outcome === "string" ? outcome : JSON.stringify(outcome, null, 2);
  let wrong = 0;
  for (const { name, input, output } of fixtures(value)) {
    const outcomes = await call(input);
    const differing = outcomes.flatMap((outcome, i) => (isDeepStrictEqual(outcome, output[i]) ? [] : [i]));
    wrong += differing.length;
    print(`${differing.length === 0 ? "ok   " : "WRONG"} ${name}: ${input.length} records`);
    for (const i of differing) {
      print(
        `  line ${i + 1}: ${input[i]}\n${sideBySide(`expected\n${pretty(output[i])}`, `got\n${pretty(outcomes[i])}`, columns)}`,
      );
    }
  }
  const backup = lastBackup(dataFolder, sampleRecords);
  print(
    backup ? `\nlast backup, ${backup.path}` : "\nno backup yet: `npm start` and `npm run publish` make one",
  );
  const outcomes = backup ? await call(backup.records) : [];
  outcomes.forEach((outcome, i) => {
    print(`${sideBySide(backup?.records[i] ?? "", pretty(outcome), columns)}\n`);
  });
  return wrong;
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
  tryProcessor(process.argv[2] ?? "", print, process.stdout.columns || 120).then(
    (wrong) => {
      process.exitCode = wrong === 0 ? 0 : 1;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
