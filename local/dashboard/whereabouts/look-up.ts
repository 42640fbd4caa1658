/** One record by its number: as the queue has it, or its object of the backup. */
import type { RecordTrail } from "../../record-trail";
import { type Bucket, endsIn, startOf } from "./look-in-objects";
import { bytesOf } from "./object-bytes";
import { digestOf, excerpt, type Traces } from "./trace";

/** Objects are at most as large as the largest buffer. */
const maxObjectBytes = 128 * 1024 * 1024;

export async function lookUp(
  trail: RecordTrail,
  seq: number,
  traces: Traces,
  buckets: readonly Bucket[],
): Promise<void> {
  if (seq > trail.lastSeq) return;
  const batch = trail.read(seq - 1, (count) => count <= 1);
  if (batch.length > 0 && batch.firstSeq === seq) {
    const arrivalMs = batch.arrivalsMs[0]!;
    const record = batch.bytesAt(0);
    traces.add({ seq, digest: digestOf(record), source: excerpt(record), arrived: [arrivalMs, arrivalMs] });
    return;
  }
  traces.add({ seq });
  const extent = trail.backupWith(seq);
  // The backup's bucket is the last one.
  const bucket = buckets.at(-1);
  if (extent === undefined || bucket === undefined) return;
  const content = await bytesOf(bucket.folder, extent, maxObjectBytes);
  if (content === undefined) return;
  const ends = endsIn(content.bytes, extent);
  if (ends === undefined) return;
  const at = seq - extent.firstSeq;
  const record = content.bytes.subarray(at === 0 ? 0 : ends[at - 1], ends[at]);
  const object = { bucket: bucket.name, key: extent.key };
  const arrived = [startOf(extent), content.modifiedMs] as const;
  traces.add({ seq, digest: digestOf(record), source: excerpt(record), object, arrived });
}
