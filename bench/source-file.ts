/** Documents in a file, one a line, as the peers of the whole line take them; and what they say. */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface SourceFile {
  readonly file: string;
  readonly documents: number;
  /** What has made them. */
  readonly processor: string;
}

export interface PeerFigures {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly peakMb: number;
  readonly diskBytes: number;
  /** Documents that it had acknowledged, and has no more after `kill -9`. */
  readonly lost: number;
}

const documentsPerRequest = 5000;

export async function* batchesOf({ file }: SourceFile): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    batch.push(line);
    if (batch.length < documentsPerRequest) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

export function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
