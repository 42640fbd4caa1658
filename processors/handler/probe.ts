/**
 * Lets the stream's probe through, whatever the chain would make of it. Its document is built here from the minute that
 * it was sent for, so that nothing else of such a record passes unseen by the chain.
 */
import type { MaskFactory, Outcome, ProcessorFactory, SourceRecord } from "../processor";

type Run = (record: SourceRecord) => Outcome | Promise<Outcome>;
type CreateRun = (factories: readonly ProcessorFactory[], createMask: MaskFactory | undefined) => Run;

export const createProbed =
  (createInner: CreateRun): CreateRun =>
  (factories, createMask) => {
    const run = createInner(factories, createMask);
    // eslint-disable-next-line closure/no-slow-name -- once, at the cold start
    const probe = createProbe();
    return (record) => probe(record) ?? run(record);
  };

/**
 * Null for what is no probe: other bytes than the sender's own are the chain's business. One of another time, such
 * as one that is replayed from the backup or sent by a clock that is wrong, is dropped: it tells nothing about now.
 */
function createProbe() {
  const form = /^\{"firehose_probe":"(\d{13})"\}$/;
  const longestBytes = 40;
  const minuteMs = 60_000;
  const oldestMs = 900_000;
  const aheadMs = 300_000;
  return (record: SourceRecord): Outcome | null => {
    if (record.bytes().length > longestBytes) return null;
    const [, minute] = form.exec(record.text()) ?? [];
    if (!minute || +minute % minuteMs !== 0) return null;
    const ageMs = record.approximateArrivalTimestamp - +minute;
    if (!(ageMs <= oldestMs && ageMs >= -aheadMs)) return { result: "Dropped" };
    // eslint-disable-next-line closure/no-slow-name -- once a minute
    const time = new Date(+minute).toISOString();
    return { result: "Ok", text: `{"@timestamp":"${time}","firehose_probe":"${minute}"}` };
  };
}
