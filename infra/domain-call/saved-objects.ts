/** Index pattern, visualizations and dashboard, through the dashboards' own API. */
import type { SavedObject, SavedObjects } from "./objects";
import type { Answer, Request, RequestOptions } from "./request";

type DashboardsRequest = Request & { cookies: () => string };

const createAsk = () => {
  const { USERNAME: username = "", PASSWORD: password = "" } = process.env;
  /** The tenant that everybody sees; without it the objects land in the master user's private one. */
  const headers = { "osd-xsrf": "true", "kbn-xsrf": "true", securitytenant: "global" };

  /** Some versions take the password with each request, others want a login and its cookie. */
  return async (
    request: DashboardsRequest,
    { path }: SavedObjects,
    method: string,
    suffix: string,
    options: RequestOptions = {},
  ): Promise<Answer> => {
    const { expected = [200] } = options;
    const send = (more: readonly number[]) => {
      const cookie = request.cookies();
      return request(method, `${path}/api/saved_objects/${suffix}`, {
        ...options,
        headers: { ...headers, ...(cookie ? { cookie } : {}) },
        expected: [...expected, ...more],
      });
    };
    const answer = await send([401]);
    if (answer.status !== 401) return answer;
    await request("POST", `${path}/auth/login`, { headers, body: { username, password } });
    return send([]);
  };
};

export const createSavedObjects = () => {
  const ask = createAsk();

  /** An index pattern has no place for a mark: its id is made of the stack's name. */
  const isForeign = async (request: DashboardsRequest, set: SavedObjects, object: SavedObject) => {
    if (object.type === "index-pattern") return false;
    const { status, json } = await ask(request, set, "GET", `${object.type}/${object.id}`, {
      expected: [200, 404],
    });
    return status === 200 && json?.attributes?.description !== `Managed by ${set.owner}`;
  };

  const removeAll = async (
    request: DashboardsRequest,
    set: SavedObjects,
    objects: readonly SavedObject[],
  ) => {
    for (const object of objects) {
      if (await isForeign(request, set, object)) continue;
      await ask(request, set, "DELETE", `${object.type}/${object.id}`, { expected: [200, 404] });
    }
  };

  /** The answer is 200 even where single objects failed, or where something in between answered. */
  const checkTaken = ({ objects }: SavedObjects, { json, words }: Answer) => {
    const answered: { id: string; error?: { message?: string } }[] = json?.saved_objects;
    if (!Array.isArray(answered)) throw new Error(`The dashboards answered without the objects: ${words}`);
    for (const { id, error } of answered) {
      if (error) throw new Error(`The dashboards did not take ${id}: ${error.message}`);
    }
    const missing = objects.find(({ id }) => !answered.some((one) => one.id === id));
    if (missing) throw new Error(`The dashboards did not answer for ${missing.id}: ${words}`);
  };

  const put = async (
    request: DashboardsRequest,
    set: SavedObjects,
    previous: SavedObjects | undefined,
  ): Promise<void> => {
    for (const object of set.objects) {
      if (!(await isForeign(request, set, object))) continue;
      throw new Error(
        `The dashboards hold the ${object.type} ${object.id} already, without the mark "${set.owner}" of this stack. Delete it there, or give this stack another name.`,
      );
    }
    checkTaken(set, await ask(request, set, "POST", "_bulk_create?overwrite=true", { body: set.objects }));
    const ids = set.objects.map((object) => object.id);
    await removeAll(
      request,
      set,
      (previous?.objects ?? []).filter((object) => !ids.includes(object.id)),
    );
  };

  return {
    put,
    remove: (request: DashboardsRequest, set: SavedObjects) => removeAll(request, set, set.objects),
  };
};
