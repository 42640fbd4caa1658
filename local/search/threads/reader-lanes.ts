/** Which questions share a thread: those that cost nothing never wait for one that reads a million documents. */
import { join } from "node:path";
import type { Patience, SearchRequest } from "../../rooms";
import type { ThreadMemory } from "../../thread-memory";
import { Lane } from "./lane";
import type { ReaderData } from "./reader-worker";
import { CalledWorker } from "./worker-call";

/** Searches that read documents, side by side. */
const searchReaders = 2;
const exportReaders = 2;
/** A reader that hangs does not hold up the end of the run. */
const closeMs = 500;

/** Nothing is asked but the time: the index knows the answer without reading a document for it. */
function isCheap({ query }: SearchRequest): boolean {
  return ["", "*", "**", "*:*"].includes(query.trim());
}

export class ReaderLanes {
  private readonly cheap: Lane;
  private readonly searches: Lane;
  readonly exports: Lane;

  constructor(file: string, memory: ThreadMemory, explain: (error: Error) => Error) {
    const start = () => {
      const abandoned = new SharedArrayBuffer(4);
      const data: ReaderData = { file, abandoned };
      const worker = new CalledWorker(join(__dirname, "reader-worker.ts"), data, memory, explain);
      return { worker, abandoned: new Int32Array(abandoned) };
    };
    this.cheap = new Lane({ start, mostReaders: 1 });
    this.searches = new Lane({ start, mostReaders: searchReaders });
    this.exports = new Lane({ start, mostReaders: exportReaders });
  }

  ask<T>(method: string, request: SearchRequest, patience: Patience | undefined): Promise<T> {
    return (isCheap(request) ? this.cheap : this.searches).call<T>(method, request, patience);
  }

  /** What a body asks may read any number of documents; what indices there are, or one document, costs nothing. */
  askBody<T>(method: "find" | "mappings" | "document", request: unknown, patience?: Patience): Promise<T> {
    return (method === "find" ? this.searches : this.cheap).call<T>(method, request, patience);
  }

  async close(): Promise<void> {
    await Promise.all([this.cheap, this.searches, this.exports].map((lane) => lane.close(closeMs)));
  }
}
