/** Failed records out of an object's bytes. */

export interface FailedLine {
  /** Of the document, where it was the destination that refused it. */
  readonly id: string | undefined;
  readonly data: Buffer;
  readonly arrivalMs: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly reason: string | undefined;
}

/** Undefined where they are no failed records; a line that was cut is left out. */
export function failedRecordsOf(bytes: Buffer): FailedLine[] | undefined {
  const newline = 10;
  const end = bytes.indexOf(newline);
  const first = end < 0 ? undefined : readLine(bytes.toString("utf8", 0, end));
  if (first === undefined) return undefined;
  const lines = bytes.toString("utf8", end + 1).split("\n");
  return [first, ...lines.flatMap((line) => readLine(line) ?? [])];
}

function readLine(line: string): FailedLine | undefined {
  if (!line.startsWith("{") || !line.includes('"rawData"') || !line.includes('"errorCode"')) return undefined;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { rawData, errorCode, errorMessage, reason, esDocumentId, arrivalTimestamp } = value;
  if (typeof rawData !== "string" || typeof errorCode !== "string") return undefined;
  return {
    id: typeof esDocumentId === "string" ? esDocumentId : undefined,
    data: Buffer.from(rawData, "base64"),
    arrivalMs: Number(arrivalTimestamp),
    errorCode,
    errorMessage: String(errorMessage),
    reason: typeof reason === "string" ? reason : undefined,
  };
}
