/** What `--file` would send, without a byte of it being read. */
import { findAll } from "./find-all";
import type { PublishOptions } from "./publish";

/** What `--dry-run --json` prints. */
export interface InputCount {
  /** Files and objects; of standard input nobody knows. */
  readonly inputs: number;
  /** As they are kept: compressed where they are. */
  readonly bytes: number;
  /** The oldest and the newest, as ISO text. */
  readonly oldest?: string;
  readonly newest?: string;
  /** What cannot be read, one line each. */
  readonly problems: readonly string[];
}

export async function countInputs(
  { parts, region }: Pick<PublishOptions, "parts" | "region">,
  say: (text: string) => void,
): Promise<InputCount> {
  const problems: string[] = [];
  const onProblem = (text: string): void => {
    problems.push(text);
    say(text);
  };
  let inputs = 0;
  let bytes = 0;
  let oldestMs = Number.POSITIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const part of parts) {
    for (const { sizeBytes = 0, timeMs } of await findAll(part.file ?? [], {
      ...part,
      region,
      onNote: say,
      onProblem,
    })) {
      inputs++;
      bytes += sizeBytes;
      if (timeMs === undefined) continue;
      oldestMs = Math.min(oldestMs, timeMs);
      newestMs = Math.max(newestMs, timeMs);
    }
  }
  const isDated = newestMs >= oldestMs;
  return { inputs, bytes, ...(isDated && { oldest: iso(oldestMs), newest: iso(newestMs) }), problems };
}

export function describeInputs({ inputs, bytes, oldest, newest }: InputCount): string {
  const count = inputs.toLocaleString("en-US");
  const times = oldest === undefined ? "" : `, of ${oldest} to ${newest}`;
  return `${count} files or objects of ${(bytes / 1e6).toFixed(1)} MB would be sent${times}`;
}

const iso = (ms: number): string => new Date(ms).toISOString();
