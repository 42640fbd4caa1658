/**
 * Payloads of a CloudWatch Logs subscription with one to four events of a Lambda function, as Firehose's own
 * decompression hands them on: a line of text each, so that they can also be kept in a file.
 */
import type { Random } from "./random";

export function cloudwatchLogsPayload(random: Random, ms: number): string {
  const requestId = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
  const durationMs = 1 + random.below(900);
  const messages = [
    `START RequestId: ${requestId} Version: $LATEST\n`,
    JSON.stringify({
      level: random.skewed(["info", "warn", "error"]),
      message: "order stored",
      order: random.below(1e6),
      durationMs,
    }),
    `END RequestId: ${requestId}\n`,
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs}.12 ms\tBilled Duration: ${durationMs + 1} ms\n`,
  ].slice(0, 1 + random.below(4));
  return JSON.stringify({
    messageType: "DATA_MESSAGE",
    owner: "111122223333",
    logGroup: "/aws/lambda/shop",
    logStream: `2026/03/01/[$LATEST]${random.hex(32)}`,
    subscriptionFilters: ["all"],
    logEvents: messages.map((message, i) => ({
      id: `${ms}${String(random.below(1e9)).padStart(9, "0")}${i}`,
      timestamp: ms,
      message,
    })),
  });
}
