/** What every processor makes of the records that could hurt, each of them alone and in a bounded time. */
import { strict as assert } from "node:assert";
import { processorChain } from "../../processors";
import { transformHandlerFactory } from "../../processors/handler";
import { type Poison, poisons } from "./poison-records";

export const arrivalMs = Date.parse("2026-03-01T12:00:00Z");
const longestMs = 5000;

/** What a processor makes of each record alone; of those that it fails, nothing. */
export async function documentsOf(
  name: string,
  records: readonly Poison[] = poisons,
): Promise<{ title: string; source: string }[]> {
  const chain = processorChain(name);
  assert.ok(typeof chain !== "string");
  const { warn } = console;
  console.warn = () => {};
  // Their further events are put into a stream, which is not there.
  const handler = transformHandlerFactory(chain.map(({ putAgain: _, ...processor }) => processor))();
  try {
    const documents: { title: string; source: string }[] = [];
    for (const { title, data } of records) {
      const event = [
        { recordId: "r", approximateArrivalTimestamp: arrivalMs, data: data.toString("base64") },
      ];
      const startMs = process.cpuUsage();
      const answer = await handler({
        invocationId: "i",
        deliveryStreamArn: "a",
        region: "r",
        records: event,
      });
      const { user, system } = process.cpuUsage(startMs);
      assert.ok((user + system) / 1000 < longestMs, `${name}: ${title}`);
      const [answered] = answer.records;
      assert.ok(["Ok", "Dropped", "ProcessingFailed"].includes(answered!.result), `${name}: ${title}`);
      if (answered!.result === "Ok") {
        documents.push({
          title: `${name}: ${title}`,
          source: Buffer.from(answered!.data!, "base64").toString(),
        });
      }
    }
    return documents;
  } finally {
    console.warn = warn;
  }
}
