/** Records of packed bytes where a line is read. */
import type { Outcome } from "./processor";

export function createPacked() {
  const reason = "compressed; put unpack in front, or cloudwatch-logs for its subscriptions";
  /** Of bytes that were read as text: gzip or zstd. No line begins so. */
  const isPacked = (text: string): boolean =>
    text.charCodeAt(0) === 0x1f || text.startsWith("(\ufffd/\ufffd");
  return {
    isPacked,
    /** Fails a record for its reason, unless it is packed. */
    failed: (text: string, otherwise: string): Outcome => ({
      result: "ProcessingFailed",
      reason: isPacked(text) ? reason : otherwise,
    }),
  };
}
