/** Objects on their way from the ledger, where they are durable, to their bucket folder. */
import { join } from "node:path";
import { typedCommand } from "../typed/command";
import type { BucketFolder } from "./backup/bucket-folder";
import type { FailedObject, Ledger } from "./rooms";

export interface OutboxOptions {
  readonly ledger: Pick<Ledger, "outbox" | "removeFromOutbox">;
  readonly bucket: BucketFolder;
  log(text: string): void;
}

export class Outbox {
  private hasTold = false;

  constructor(private readonly options: OutboxOptions) {}

  /** The same key with the same bytes may be written twice. */
  async write(): Promise<void> {
    const { ledger, bucket } = this.options;
    const objects = await ledger.outbox();
    for (const { key, body } of objects) bucket.put(key, Buffer.from(body));
    if (objects.length > 0) await ledger.removeFromOutbox(objects.map(({ key }) => key));
  }

  /** Once a run: who sends records does not look at the page all the time. */
  tellFailed([first]: readonly FailedObject[]): void {
    if (!first || this.hasTold) return;
    this.hasTold = true;
    const { key, errorCode, errorMessage } = first;
    this.options.log(
      `Records begin to fail, the first one with ${errorCode}: ${errorMessage.replace(/\.$/, "")}. They are kept: ${join(this.options.bucket.folder, key)}. See the page's "Last failures" and ${typedCommand("replay")}; this is said once a run.`,
    );
  }
}
