/** Writes and settles until it is killed, telling its parent after each step. */
import { openEmbeddedIndex } from "../../../local/search/embedded-index";

async function writeForEver(file: string): Promise<void> {
  const index = await openEmbeddedIndex({ file, panels: [{ title: "bye", query: "message:bye" }] });
  for (let step = 1; ; step++) {
    for (const half of [0, 50]) {
      const documents = Array.from({ length: 50 }, (_, at) => {
        const seq = (step - 1) * 100 + half + at + 1;
        return {
          seq,
          id: `id-${seq}`,
          index: "example",
          arrivalMs: seq,
          source: `{"message":"bye world ${seq}"}`,
        };
      });
      await index.write(documents);
    }
    await index.settle({ throughSeq: step * 100, indexed: 100, dropped: 0, failed: 0, failedObjects: [] });
    process.send?.(step);
  }
}

void writeForEver(process.argv[2] as string);
