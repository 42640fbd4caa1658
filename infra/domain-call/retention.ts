/** The retention policy, and the indices that carry it. */
import type { RetentionObject } from "./objects";
import type { Request } from "./request";

export const createRetention = () => {
  const read = async (request: Request, { path, name, owner }: RetentionObject) => {
    const { status, json } = await request("GET", `${path}/policies/${name}`, { expected: [200, 404] });
    if (status === 404) return undefined;
    const ours = json?.policy?.description === `Managed by ${owner}`;
    return { ours, version: `if_seq_no=${json?._seq_no}&if_primary_term=${json?._primary_term}` };
  };
  /** Indices of the pattern that carry our policy; others may have been given another one by somebody. */
  const carriers = async (request: Request, { path, name, indexPattern }: RetentionObject) => {
    const { json } = await request("GET", `${path}/explain/${indexPattern}`, { expected: [200, 404] });
    return Object.entries((json ?? {}) as Record<string, { policy_id?: string } | null>)
      .filter(([, index]) => index?.policy_id === name)
      .map(([index]) => index);
  };
  const checkFailures = (words: string, json: { failed_indices?: { reason?: string }[] } | undefined) => {
    const others = (json?.failed_indices ?? []).filter(
      ({ reason = "" }) => !reason.includes("already has a policy"),
    );
    if (others.length > 0) throw new Error(`Not every index took the retention policy: ${words}`);
  };
  const put = async (request: Request, object: RetentionObject) => {
    const { path, name, body, indexPattern } = object;
    // A policy is only replaced with the numbers of the version that was read; somebody may come in between.
    for (let triesLeft = 5; ; triesLeft--) {
      const found = await read(request, object);
      if (found && !found.ours) {
        throw new Error(
          `The domain holds the retention policy ${name} already, without the mark "${object.owner}" of this stack. Delete it there, or give this stack another name.`,
        );
      }
      const query = found ? `?${found.version}` : "";
      const expected = triesLeft > 0 ? [200, 201, 409] : [200, 201];
      const { status } = await request("PUT", `${path}/policies/${name}${query}`, { body, expected });
      if (status !== 409) break;
    }
    // FIRST the indices that run an old copy of the policy, THEN those that have none yet: a policy finds new
    // indices by itself, but not those that are there already.
    const old = await carriers(request, object);
    const policy = { body: { policy_id: name } };
    if (old.length > 0) {
      const changed = await request("POST", `${path}/change_policy/${old.join(",")}`, policy);
      checkFailures(changed.words, changed.json);
    }
    const added = await request("POST", `${path}/add/${indexPattern}`, policy);
    checkFailures(added.words, added.json);
  };
  return {
    put,
    remove: async (request: Request, object: RetentionObject) => {
      const { path, name } = object;
      if (!(await read(request, object))?.ours) return;
      // An index goes on with its copy of a policy that is gone.
      const carrying = await carriers(request, object);
      if (carrying.length > 0) await request("POST", `${path}/remove/${carrying.join(",")}`, { body: {} });
      await request("DELETE", `${path}/policies/${name}`, { expected: [200, 404] });
    },
  };
};
