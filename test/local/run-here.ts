/** A local run in the process of the test, and what is asked of one, wherever it runs. */
import { strict as assert } from "node:assert";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Ready } from "../../engines/local-run";
import { exitCodeOf, UserError } from "../../local/errors";
import { type LocalRun, startLocalRun } from "../../local/run";
import { aPlan, aProcessor, aStream } from "./fakes";

export const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;

export const clientOf = ({ firehose }: Ready): FirehoseClient =>
  new FirehoseClient({
    endpoint: firehose,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });

/** So many records in one call, each with a number of its own. */
export const hello = (streamName: string, first: number, count: number): PutRecordBatchCommand =>
  new PutRecordBatchCommand({
    DeliveryStreamName: streamName,
    Records: Array.from({ length: count }, (_, i) => ({
      Data: new TextEncoder().encode(`{"message":"hello world ${first + i}"}\n`),
    })),
  });

const upperCase = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => ({
  recordId, result: "Ok", data: Buffer.from(Buffer.from(data, "base64").toString().replace("hello", "bye")).toString("base64") })) })`;

export type Options = Partial<Parameters<typeof startLocalRun>[0]> & { readonly dataFolder: string };

/** In this process, without an evaluation of the program. */
export const startHere = (options: Options): Promise<LocalRun> =>
  startLocalRun({
    stack: "dev",
    firehosePort: 0,
    dashboardPort: 0,
    searchPort: 0,
    plan: Promise.resolve(aPlan(aStream({ processor: aProcessor(upperCase) }))),
    log: () => {},
    ...options,
  });

/** What a start ends with. */
export async function refusal(options: Options): Promise<{ code: number; text: string }> {
  try {
    await (await startHere(options)).stop();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.doesNotMatch(error.message, /\n/, "one line");
    return { code: exitCodeOf(error), text: error.message };
  }
  assert.fail("it has started");
}
