/** The retention policy, and the indices that carry it. */
import { createIndexNames } from "./index-names";
import type { RetentionObject, Tell } from "./objects";
import type { Answer, Request } from "./request";

export const createRetention = () => {
  const names = createIndexNames();
  const read = async (request: Request, { path, name, owner }: RetentionObject) => {
    const { status, json } = await request("GET", `${path}/policies/${name}`, { expected: [200, 404] });
    if (status === 404) return undefined;
    const ours = json?.policy?.description === `Managed by ${owner}`;
    return { ours, version: `if_seq_no=${json?._seq_no}&if_primary_term=${json?._primary_term}` };
  };
  /** Indices that carry our policy, whatever put it there; others may have been given another one by somebody. */
  const carriers = async (request: Request, { path, name, indices }: RetentionObject) => {
    const { json } = await request("GET", `${path}/explain/${indices.widePattern}`, { expected: [200, 404] });
    return Object.entries((json ?? {}) as Record<string, { policy_id?: string } | null>)
      .filter(([, index]) => index?.policy_id === name)
      .map(([index]) => index);
  };
  const checkFailures = ({ json, words }: Answer) => {
    const failed: { reason?: string }[] = json?.failed_indices ?? [];
    const others = failed.filter(({ reason = "" }) => !reason.includes("already has a policy"));
    if (others.length > 0) throw new Error(`Not every index took the retention policy: ${words}`);
  };
  const inAll = async (request: Request, path: string, indices: readonly string[], body: unknown) => {
    for (const list of names.joined(indices))
      checkFailures(await request("POST", `${path}/${list}`, { body }));
  };
  /** A policy is only replaced with the numbers of the version that was read; somebody may come in between. */
  const write = async (request: Request, object: RetentionObject, check: (found: boolean) => void) => {
    const { path, name, body, owner } = object;
    for (let triesLeft = 5; ; triesLeft--) {
      const found = await read(request, object);
      if (found && !found.ours) {
        throw new Error(
          `The domain holds the retention policy ${name} already, without the mark "${owner}" of this stack. Delete it there, or give this stack another name.`,
        );
      }
      check(found !== undefined);
      const query = found ? `?${found.version}` : "";
      const expected = triesLeft > 0 ? [200, 201, 409] : [200, 201];
      const { status } = await request("PUT", `${path}/policies/${name}${query}`, { body, expected });
      if (status !== 409) return;
    }
  };
  const remove = async (request: Request, object: RetentionObject) => {
    const { path, name } = object;
    if (!(await read(request, object))?.ours) return;
    // An index goes on with its copy of a policy that is gone.
    await inAll(request, `${path}/remove`, await carriers(request, object), {});
    await request("DELETE", `${path}/policies/${name}`, { expected: [200, 404] });
  };
  const keepsDefault = createKeepsDefault();
  const put = async (
    request: Request,
    object: RetentionObject,
    previous: RetentionObject | undefined,
    tell: Tell,
  ) => {
    const { path, name, body, indices } = object;
    const isKnown = previous !== undefined;
    if (body === null) return remove(request, object);
    if (previous) keepsDefault(object, previous);
    const foreign = await names.foreign(request, indices);
    const words = `The retention policy's pattern ${indices.pattern} takes in indices that no stream made, and would delete them: ${foreign.join(", ")}`;
    await write(request, object, (found) => {
      if (foreign.length > 0 && !found && !isKnown) {
        throw new Error(`${words}. Nothing was put. Rename them, or set another indexName.`);
      }
      if (!found && isKnown) tell(`The retention policy ${name} was gone and has been put again.`);
    });
    if (foreign.length > 0) tell(`${words}.`);
    const carrying = await carriers(request, object);
    const isOwn = names.isOwn(indices);
    // FIRST those that earlier versions gave it though no stream made them, THEN those that run an old copy of it,
    // THEN those that have none yet: a policy finds new indices by itself, but not those that are there already.
    const strangers = carrying.filter((index) => !isOwn(index));
    if (strangers.length > 0) tell(`Freed from the retention policy ${name}: ${strangers.join(", ")}.`);
    await inAll(request, `${path}/remove`, strangers, {});
    const old = carrying.filter(isOwn);
    await inAll(request, `${path}/change_policy`, old, { policy_id: name });
    const bare = (await names.own(request, indices)).filter((index) => !old.includes(index));
    await inAll(request, `${path}/add`, bare, { policy_id: name });
  };
  return { put, remove };
};

/** A shorter retention deletes documents at once. Where nobody chose it, the default has changed: that is asked first. */
const createKeepsDefault = () => {
  const { stringify } = JSON;
  const age = /"min_index_age":"(\d+)d"/;
  const daysOf = ({ body }: RetentionObject): number => Number(age.exec(stringify(body))?.[1]);
  return (object: RetentionObject, previous: RetentionObject): void => {
    const days = daysOf(object);
    const before = daysOf(previous);
    if (!object.leftToDefault.includes("indexRetentionDays") || !(before > days)) return;
    const rotation = object.leftToDefault.includes("indexRotation") ? "indexRotation to OneHour and " : "";
    throw new Error(
      `This stack keeps its indices for ${before} days, the default is ${days} days now: older ones would be deleted. Nothing was changed. ` +
        `To keep what was, set ${rotation}indexRetentionDays to ${before}. To take the new default, set indexRetentionDays to ${days}.`,
    );
  };
};
