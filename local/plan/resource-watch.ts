/**
 * Which resources a program has begun, and which have failed, by the names that Pulumi gives to its promises. It writes down
 * at each of them where it was made, a third of an evaluation's time, to say which ones were left when a program has ended;
 * here they are waited for, and a name is enough.
 */

/** `resource:NAME[TYPE]`, alone or as `resolveURN(…)`. */
const naming = /^(?:resolveURN\()?resource:(.+)\[([^[\]]+)\]\)?$/;

/** A resource for people. */
export type ResourceTitle = string;

export class ResourceWatch {
  private readonly pending = new Map<Promise<unknown>, ResourceTitle>();
  private readonly failures = new Map<unknown, ResourceTitle>();

  /** To be called in place of Pulumi's own. */
  readonly debuggablePromise = <T>(promise: Promise<T>, about?: unknown): Promise<T> => {
    const [, name, type] = (typeof about === "string" && naming.exec(about)) || [];
    if (name === undefined) return promise;
    const title = `${name} (${type})`;
    this.pending.set(promise, title);
    promise.then(
      () => this.pending.delete(promise),
      (error: unknown) => {
        this.pending.delete(promise);
        if (!this.failures.has(error)) this.failures.set(error, title);
        // Whoever looks for promises that nobody handles goes on finding it.
        throw error;
      },
    );
    return promise;
  };

  /** Begun and never made, the first one first: the others may wait for it. */
  get unmade(): ResourceTitle[] {
    return [...new Set(this.pending.values())];
  }

  /** The resource that failed with this error, or with one of these words. */
  failedWith(message: string): ResourceTitle | undefined {
    for (const [error, title] of this.failures) {
      if ((error as Error | undefined)?.message?.includes(message)) return title;
    }
    return undefined;
  }
}
