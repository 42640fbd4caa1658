/** The function that puts one object into the domain, changes it, or takes it out again. */
import type { AnyObject, Lifecycle, Tell } from "./objects";
import { createPlainObjects } from "./plain-object";
import { createRequest, type Unreachable } from "./request";
import { createRetention } from "./retention";
import { createSavedObjects } from "./saved-objects";

export interface DomainCallResult {
  readonly kind: AnyObject["kind"];
  readonly name: string;
  /** What the person who deploys should know. @default nothing */
  readonly notes?: readonly string[];
}

/**
 * Reads the environment variables ENDPOINT (a URL without a path), USERNAME and PASSWORD; without a password it
 * asks without a login. The result is kept in the stack's state in plain text and holds no secret.
 */
export const domainCallFactory = () => {
  const newRequest = createRequest();
  const plain = createPlainObjects();
  const retention = createRetention();
  const savedObjects = createSavedObjects();
  const putBudgetMs = 540_000;
  const removeBudgetMs = 120_000;

  const put = async (object: AnyObject, isNew: boolean, previous: AnyObject | undefined, tell: Tell) => {
    const request = newRequest(putBudgetMs, isNew);
    switch (object.kind) {
      case "retention":
        return retention.put(request, object, previous?.kind === object.kind ? previous : undefined, tell);
      case "saved-objects":
        return savedObjects.put(request, object, previous?.kind === object.kind ? previous : undefined);
      case "ingest-pipeline":
        return plain.removePipeline(request, object);
      default:
        return plain.put(request, object, previous?.kind === object.kind ? previous : undefined, tell);
    }
  };
  const remove = async (object: AnyObject) => {
    const request = newRequest(removeBudgetMs, false);
    try {
      if (object.kind === "retention") await retention.remove(request, object);
      else if (object.kind === "saved-objects") await savedObjects.remove(request, object);
      else if (object.kind === "ingest-pipeline") await plain.removePipeline(request, object);
      else await plain.remove(request, object);
    } catch (error) {
      // Without the domain there is no object.
      if (!(error as Unreachable).unknownHost) throw error;
    }
  };
  /** OpenSearch answers under Elasticsearch's prefixes too: one object, whatever it was put under. */
  const pluginsPrefix = /^\/_(?:plugins|opendistro)(?=\/)/;
  const placeOf = ({ kind, path, name }: AnyObject) =>
    kind === "saved-objects" ? name : `${path.replace(pluginsPrefix, "")} ${name}`;
  const isSameDomain = (previous: AnyObject, { endpoint }: AnyObject) =>
    previous.endpoint === undefined || previous.endpoint === endpoint;

  return async (event: AnyObject & Lifecycle<AnyObject>): Promise<DomainCallResult> => {
    const { tf, ...rest } = event;
    const object = rest as AnyObject;
    const notes: string[] = [];
    if (tf?.action === "delete") {
      await remove(object);
    } else {
      // What was put into another domain is there, not here: here the object is new.
      const before = tf?.prev_input ?? undefined;
      const previous = before && isSameDomain(before, object) ? before : undefined;
      const isNew = tf?.action !== "update" || (before !== undefined && previous === undefined);
      await put(object, isNew, previous, (note) => notes.push(note));
      if (previous && placeOf(previous) !== placeOf(object)) {
        const [prefix = ""] = pluginsPrefix.exec(object.path) ?? [];
        await remove({ ...previous, path: previous.path.replace(pluginsPrefix, prefix) });
      }
    }
    for (const note of notes) console.warn(note);
    return { kind: object.kind, name: object.name, ...(notes.length > 0 ? { notes } : {}) };
  };
};
