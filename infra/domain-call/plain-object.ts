/** Role, role mapping, ingest pipeline and index template: each behind one path. */
import type { PlainObject } from "./objects";
import type { Request } from "./request";

export const createPlainObjects = () => {
  const { stringify } = JSON;
  /** Each kind has its own place for a text; a whole text that is the mark is enough, wherever it is. */
  const read = async (request: Request, { path, owner }: PlainObject) => {
    const found = await request("GET", path, { expected: [200, 404] });
    if (found.status === 404) return "absent";
    const text = stringify(found.json);
    return [owner, `Managed by ${owner}`].some((mark) => text.includes(stringify(mark))) ? "ours" : "foreign";
  };
  return {
    put: async (request: Request, object: PlainObject) => {
      if ((await read(request, object)) === "foreign") {
        throw new Error(
          `The domain holds ${object.path} already, without the mark "${object.owner}" of this stack. Delete it there, or give this stack another name.`,
        );
      }
      await request("PUT", object.path, { body: object.body });
    },
    remove: async (request: Request, object: PlainObject) => {
      if ((await read(request, object)) !== "ours") return;
      await request("DELETE", object.path, { expected: [200, 404] });
    },
  };
};
