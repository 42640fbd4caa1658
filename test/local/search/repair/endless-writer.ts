/** Writes and settles until it is killed, telling its parent after each step. */
import { openEmbeddedIndex } from "../../../../local/search/embedded-index";
import { byeDocuments } from "../bye-documents";

async function writeForEver(file: string): Promise<void> {
  const index = await openEmbeddedIndex({ file, panels: [{ title: "bye", query: "message:bye" }] });
  for (let step = 1; ; step++) {
    for (const half of [0, 50]) await index.write(byeDocuments((step - 1) * 100 + half + 1, 50));
    await index.settle({ throughSeq: step * 100, indexed: 100, dropped: 0, failed: 0, failedObjects: [] });
    process.send?.(step);
  }
}

void writeForEver(process.argv[2] as string);
