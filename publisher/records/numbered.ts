/** The messages that are sent where no file is named: `{"message":"hello world 1"}`, `… 2"}`, and so on. */
import { maxRecordsPerBatch } from "../../firehose/limits";
import { BatchMemory, PackedBatch } from "../wire/packed-batch";
import type { PutBatch } from "../wire/put-batch";

/** Batches of the messages `first` to `total`, each message once, each ended by a newline where `newline` is set. */
export function* numberedBatches(
  total: number,
  newline = true,
  memory = new BatchMemory(),
  first = 1,
): Generator<PutBatch> {
  let message = messageOf(first, newline);
  for (let number = first; number <= total; ) {
    const batch = new PackedBatch(memory);
    for (; number <= total && batch.count < maxRecordsPerBatch; number++) {
      for (let n = 0; n < message.length; n++) batch.memory[batch.next + n] = message[n]!;
      batch.add(batch.next + message.length);
      if (!countUp(message, message.length - (newline ? 4 : 3))) message = messageOf(number + 1, newline);
    }
    yield batch;
  }
}

const messageOf = (number: number, newline: boolean): Buffer =>
  Buffer.from(`{"message":"hello world ${number}"}${newline ? "\n" : ""}`);

const ZERO = 0x30;
const NINE = 0x39;

/** Adds one to the number whose last digit is here; says whether it has as many digits as before. */
function countUp(message: Buffer, lastDigit: number): boolean {
  let digit = lastDigit;
  while (message[digit] === NINE) message[digit--] = ZERO;
  message[digit]!++;
  return message[digit]! > ZERO;
}
