/** Objects of failed records on their way from the ledger, where they are durable first, into the bucket folder. */
import { join } from "node:path";
import type { BucketFolder } from "./backup/bucket-folder";
import type { EmbeddedIndex, FailedObject } from "./rooms";

export interface FailedObjectsOptions {
  readonly index: Pick<EmbeddedIndex, "outbox" | "removeFromOutbox">;
  readonly bucket: BucketFolder;
  log(text: string): void;
}

export class FailedObjects {
  private hasTold = false;

  constructor(private readonly options: FailedObjectsOptions) {}

  /** The same key with the same bytes may be written twice. */
  async write(): Promise<void> {
    const { index, bucket } = this.options;
    const objects = await index.outbox();
    for (const { key, body } of objects) bucket.put(key, Buffer.from(body));
    if (objects.length > 0) await index.removeFromOutbox(objects.map(({ key }) => key));
  }

  /** Once a run: who sends records does not look at the page all the time. */
  tell([first]: readonly FailedObject[]): void {
    if (!first || this.hasTold) return;
    this.hasTold = true;
    const { key, errorCode, errorMessage } = first;
    this.options.log(
      `Records begin to fail, the first one with ${errorCode}: ${errorMessage.replace(/\.$/, "")}. They are kept: ${join(this.options.bucket.folder, key)}. See the page's "Last failures" and npm run replay; this is said once a run.`,
    );
  }
}
