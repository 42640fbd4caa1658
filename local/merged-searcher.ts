/** Several streams' indices asked as one. */
import { mergeAnswers } from "./partial-answers";
import { type Hit, type Patience, QueryError } from "./rooms";
import type { BodySearcher, FindRequest, Found, MappedIndex, PartialAnswer } from "./search-body";
import { mergeHits } from "./search-order";

const isUnmapped = (reason: unknown): boolean =>
  reason instanceof QueryError && reason.problem.message.startsWith("No mapping found");

export class MergedSearcher implements BodySearcher {
  /** @param streams asked anew each time, as streams may come and go */
  constructor(private readonly streams: () => readonly BodySearcher[]) {}

  async find(request: FindRequest, patience?: Patience): Promise<Found> {
    const streams = this.streams();
    const [only] = streams;
    if (only !== undefined && streams.length === 1) return only.find(request, patience);
    const { from, size, sort } = request;
    const found = await this.findInEach(streams, { ...request, from: 0, size: from + size }, patience);
    const aggregations: Record<string, PartialAnswer> = {};
    for (const part of found) mergeAnswers(aggregations, part.aggregations);
    const hits = mergeHits(
      sort,
      found.map((part) => part.hits),
      from + size,
    );
    return {
      total: found.reduce((sum, { total }) => sum + total, 0),
      hits: hits.slice(from),
      sortTypes: sort.map((_, at) =>
        found.map(({ sortTypes }) => sortTypes[at]).find((type) => type !== undefined),
      ),
      aggregations,
      timedOut: found.some(({ timedOut }) => timedOut),
    };
  }

  /** A key of the order that only some streams know sorts the documents of the others last. */
  private async findInEach(
    streams: readonly BodySearcher[],
    request: FindRequest,
    patience?: Patience,
  ): Promise<Found[]> {
    const answers = await Promise.allSettled(streams.map((stream) => stream.find(request, patience)));
    const known = answers.find((answer) => answer.status === "fulfilled");
    return Promise.all(
      answers.map(async (answer, at) => {
        if (answer.status === "fulfilled") return answer.value;
        if (known === undefined || !isUnmapped(answer.reason)) throw answer.reason;
        const sort = request.sort.map((key, place) => ({
          ...key,
          unmappedType: key.unmappedType ?? known.value.sortTypes[place] ?? "keyword",
        }));
        return (streams[at] as BodySearcher).find({ ...request, sort }, patience);
      }),
    );
  }

  /** Two streams may write to one index name: its fields are those of both, the first stream's types first. */
  async mappings(patience?: Patience): Promise<MappedIndex[]> {
    const all = (await Promise.all(this.streams().map((stream) => stream.mappings(patience)))).flat();
    const byName = new Map<string, MappedIndex>();
    for (const one of all) {
      const known = byName.get(one.index);
      byName.set(one.index, known === undefined ? one : joined(known, one));
    }
    return [...byName.values()];
  }

  async document(index: string, id: string, patience?: Patience): Promise<Hit | undefined> {
    const found = await Promise.all(this.streams().map((stream) => stream.document(index, id, patience)));
    return found.find((hit) => hit !== undefined);
  }
}

function joined(a: MappedIndex, b: MappedIndex): MappedIndex {
  const paths = new Set(a.fields.map(({ path }) => path));
  return {
    index: a.index,
    createdMs: Math.min(a.createdMs, b.createdMs),
    count: a.count + b.count,
    bytes: a.bytes + b.bytes,
    fields: [...a.fields, ...b.fields.filter(({ path }) => !paths.has(path))],
  };
}
