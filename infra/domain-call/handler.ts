/** The function that puts one object into the domain, changes it, or takes it out again. */
import type { AnyObject, Lifecycle } from "./objects";
import { createPlainObjects } from "./plain-object";
import { createRequest, type Unreachable } from "./request";
import { createRetention } from "./retention";
import { createSavedObjects } from "./saved-objects";

export interface DomainCallResult {
  readonly kind: AnyObject["kind"];
  readonly name: string;
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

  const put = (object: AnyObject, isNew: boolean, previous: AnyObject | null | undefined) => {
    const request = newRequest(putBudgetMs, isNew);
    if (object.kind === "retention") return retention.put(request, object);
    if (object.kind !== "saved-objects") return plain.put(request, object);
    return savedObjects.put(request, object, previous?.kind === "saved-objects" ? previous : undefined);
  };
  const remove = async (object: AnyObject) => {
    const request = newRequest(removeBudgetMs, false);
    try {
      if (object.kind === "retention") await retention.remove(request, object);
      else if (object.kind === "saved-objects") await savedObjects.remove(request, object);
      else await plain.remove(request, object);
    } catch (error) {
      // Without the domain there is no object.
      if (!(error as Unreachable).unknownHost) throw error;
    }
  };
  return async (event: AnyObject & Lifecycle<AnyObject>): Promise<DomainCallResult> => {
    const { tf, ...object } = event;
    const action = tf?.action ?? "create";
    const previous = tf?.prev_input;
    if (action === "delete") {
      await remove(object as AnyObject);
    } else {
      await put(object as AnyObject, action === "create", previous);
      if (previous && previous.path + previous.name !== object.path + object.name) await remove(previous);
    }
    return { kind: object.kind, name: object.name };
  };
};
