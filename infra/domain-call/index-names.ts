/** The indices that are there, and which of them the stream can have made. */
import type { StreamIndices } from "./objects";
import type { Request } from "./request";

export const createIndexNames = () => {
  const { entries } = Object;
  /** A domain takes a request line of 4,096 bytes. */
  const maxNamesLength = 3000;

  const list = async (request: Request, pattern: string): Promise<string[]> => {
    const path = `/_cat/indices/${encodeURIComponent(pattern)}?format=json&h=index&expand_wildcards=all`;
    const { json } = await request("GET", path, { expected: [200, 404] });
    return Array.isArray(json) ? json.map(({ index }: { index: string }) => index).sort() : [];
  };
  const isOwn = ({ form }: StreamIndices) => {
    const pattern = new RegExp(`^(?:${form})$`);
    return (index: string) => pattern.test(index);
  };
  return {
    isOwn,
    /** All that the stream can have made, with any rotation. */
    own: async (request: Request, indices: StreamIndices): Promise<string[]> =>
      (await list(request, indices.widePattern)).filter(isOwn(indices)),
    /** What the pattern takes in besides: a pattern knows `*` alone. */
    foreign: async (request: Request, indices: StreamIndices): Promise<string[]> => {
      const own = isOwn(indices);
      return (await list(request, indices.pattern)).filter((index) => !own(index));
    },
    /** Names joined by commas, as often as they need a request of their own. */
    joined: (names: readonly string[]): string[] => {
      const lists: string[] = [];
      for (const name of names) {
        const last = lists.at(-1);
        if (last === undefined || last.length + name.length > maxNamesLength) lists.push(name);
        else lists[lists.length - 1] = `${last},${name}`;
      }
      return lists;
    },
    /** Names of the indices whose settings name this pipeline. */
    withPipeline: async (request: Request, pipeline: string): Promise<string[]> => {
      const path = "/_all/_settings/index.final_pipeline?flat_settings=true&expand_wildcards=all";
      const { json } = await request("GET", path, { expected: [200, 404] });
      return entries((json ?? {}) as Record<string, { settings?: Record<string, string> }>)
        .filter(([, { settings }]) => settings?.["index.final_pipeline"] === pipeline)
        .map(([index]) => index);
    },
  };
};
