/** Objects of failed records hold each record's data in base64; this makes it readable again. */

/** `{errorCode, errorMessage, reason, processor, data, line}` of each line; undefined where the object holds no failed records. */
export function withRawData(text, truncated = false) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // The last line of a cut text is a part of one.
  const whole = truncated ? lines.slice(0, -1) : lines;
  const records = whole.map(readRecord);
  return records.length > 0 && records.every((record) => record !== undefined) ? records : undefined;
}

function readRecord(line) {
  try {
    const { rawData, errorCode, errorMessage, reason, lambdaArn } = JSON.parse(line);
    if (typeof rawData !== "string" || typeof errorCode !== "string") return undefined;
    const processor = /:function:([^:]+)/.exec(lambdaArn)?.[1];
    return { errorCode, errorMessage, reason, processor, data: decode(rawData), line };
  } catch {
    return undefined;
  }
}

function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
