/** Role, role mapping and index template: each behind one path. */
import { createIndexNames } from "./index-names";
import type { IngestPipeline, PlainObject, Tell } from "./objects";
import type { Request } from "./request";

export const createPlainObjects = () => {
  const { stringify } = JSON;
  const names = createIndexNames();
  /** Each kind has its own place for a text; a whole text that is the mark is enough, wherever it is. */
  const read = async (request: Request, { path, owner }: PlainObject | IngestPipeline) => {
    const found = await request("GET", path, { expected: [200, 404] });
    if (found.status === 404) return "absent";
    const text = stringify(found.json);
    return [owner, `Managed by ${owner}`].some((mark) => text.includes(stringify(mark))) ? "ours" : "foreign";
  };
  const remove = async (request: Request, object: PlainObject | IngestPipeline) => {
    if ((await read(request, object)) !== "ours") return;
    await request("DELETE", object.path, { expected: [200, 404] });
  };
  /**
   * What is under way under the stream's former name or rotation is still to be taken: the former pattern stays
   * beside the new one until the object is put the next time.
   */
  const bodyFor = ({ kind, body, indices }: PlainObject, previous: PlainObject | undefined): unknown => {
    const former = previous?.indices?.pattern;
    if (former === undefined || indices === undefined || former === indices.pattern) return body;
    const patterns = [indices.pattern, former];
    if (kind === "index-template") return { ...(body as object), index_patterns: patterns };
    if (kind !== "role") return body;
    const { index_permissions: permissions } = body as { index_permissions: object[] };
    const widened = permissions.map((permission) => ({ ...permission, index_patterns: patterns }));
    return { ...(body as object), index_permissions: widened };
  };
  return {
    put: async (request: Request, object: PlainObject, previous: PlainObject | undefined, tell: Tell) => {
      const found = await read(request, object);
      if (found === "foreign") {
        throw new Error(
          `The domain holds ${object.path} already, without the mark "${object.owner}" of this stack. Delete it there, or give this stack another name.`,
        );
      }
      if (found === "absent" && previous) tell(`${object.path} was gone and has been put again.`);
      if (object.indices) {
        const foreign = await names.foreign(request, object.indices);
        const words = `The pattern ${object.indices.pattern} of ${object.path} takes in indices that no stream made: ${foreign.join(", ")}`;
        if (foreign.length > 0 && found === "absent" && !previous) {
          throw new Error(`${words}. Nothing was put. Rename them, or set another indexName.`);
        }
        if (foreign.length > 0) tell(`${words}.`);
      }
      await request("PUT", object.path, { body: bodyFor(object, previous) });
    },
    remove,
    /** FIRST no index names it any more, or each would refuse what is written to it; THEN it goes. */
    removePipeline: async (request: Request, pipeline: IngestPipeline) => {
      if ((await read(request, pipeline)) === "foreign") return;
      for (const indices of names.joined(await names.withPipeline(request, pipeline.name))) {
        await request("PUT", `/${indices}/_settings`, { body: { "index.final_pipeline": "_none" } });
      }
      await remove(request, pipeline);
    },
  };
};
