/** What differs with the destination of a stream, a domain or a bucket: what it packs, and where its objects go. */
import { compress } from "./backup/compress";
import type { Queue } from "./buffer/queue";
import type { Clock } from "./clock";
import type { Cargo } from "./deliver/cargo";
import { DocumentCargo } from "./deliver/document-cargo";
import { ObjectCargo, type ObjectCargoOptions } from "./deliver/object-cargo";
import { type BackupPlan, isSearchStream, type StreamPlan } from "./plan/plan";
import type { Destination } from "./rooms";

export interface CargoSource {
  readonly stream: StreamPlan;
  readonly queue: Queue;
  /** Where documents go; undefined for a stream into a bucket. */
  readonly destination: Destination | undefined;
  readonly clock: Clock;
}

/** An empty cargo for the stream's destination. */
export function cargoOf({ stream, queue, destination, clock }: CargoSource): Cargo {
  const { deliveryStreamName, destination: plan } = stream;
  if (plan.kind === "s3") {
    const format = plan.compression;
    const pack: ObjectCargoOptions["pack"] = (body, object) => compress(body, { format, ...object });
    return new ObjectCargo({ plan, deliveryStreamName, pack });
  }
  return new DocumentCargo({ plan, epoch: queue.epoch, destination: destination!, clock });
}

/** Where the objects of failed records go. */
export const failedObjectsOf = (
  stream: StreamPlan,
): { readonly bucketName: string; readonly errorOutputPrefix: string } =>
  isSearchStream(stream) ? stream.backup : stream.destination;

/** Without a backup: what an earlier run had begun to back up is finished in the bucket that there is. */
export function backupOf(stream: StreamPlan): BackupPlan {
  if (isSearchStream(stream)) return stream.backup;
  const { kind: _, ...bucket } = stream.destination;
  return stream.backup ?? { ...bucket, mode: "FailedDocumentsOnly" };
}
