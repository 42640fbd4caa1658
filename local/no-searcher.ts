/** What a stream without an index answers: its records are in the objects of its bucket. */
import type { Searcher } from "./rooms";

const timedOut = false;

export const noSearcher: Searcher = {
  search: async () => ({ total: 0, hits: [], timedOut }),
  count: async () => ({ count: 0, timedOut }),
  panelCounts: async () => [],
  histogram: async () => ({ bars: [], timedOut }),
  fields: async () => ({ fields: [], timedOut }),
  indices: async () => [],
  async *scan() {},
};
