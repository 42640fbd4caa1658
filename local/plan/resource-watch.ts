/**
 * Which resources a program has begun, in which order, and which have failed, by the names that Pulumi gives to its
 * promises. It writes down at each of them where it was made, a third of an evaluation's time, to say which ones were left
 * when a program has ended; here they are waited for, and a name is enough.
 */

/** `resource:NAME[TYPE]`, alone or as `resolveURN(…)`. */
const naming = /^(?:resolveURN\()?resource:(.+)\[([^[\]]+)\]\)?$/;

/** A resource for people. */
export type ResourceTitle = string;

const titleOf = (name: string, type: string): ResourceTitle => `${name} (${type})`;

export class ResourceWatch {
  private readonly pending = new Map<Promise<unknown>, ResourceTitle>();
  private readonly failures = new Map<unknown, ResourceTitle>();
  /** Each with how many were begun before it. */
  private readonly begun = new Map<ResourceTitle, number>();

  /** To be called in place of Pulumi's own. */
  readonly debuggablePromise = <T>(promise: Promise<T>, about?: unknown): Promise<T> => {
    const [, name, type] = (typeof about === "string" && naming.exec(about)) || [];
    if (name === undefined) return promise;
    const title = titleOf(name, type!);
    if (!this.begun.has(title)) this.begun.set(title, this.begun.size);
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

  /**
   * As they stand in the program: they are made in another order, each when what it is given is there.
   * @param resources with name and type; what was not begun under its own name is behind all others
   */
  inOrder<T extends { readonly name: string; readonly type: string }>(resources: readonly T[]): T[] {
    const place = ({ name, type }: T): number => this.begun.get(titleOf(name, type)) ?? this.begun.size;
    return resources.toSorted((a, b) => place(a) - place(b));
  }

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
