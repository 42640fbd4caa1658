/** What the function is called with: one object that the domain must hold. */

interface DomainObject {
  readonly name: string;
  /** Mark of this stack, which the object carries; one with another mark is left alone. */
  readonly owner: string;
}

/** An object behind one path: GET, PUT and DELETE. */
export interface PlainObject extends DomainObject {
  readonly kind: "role" | "role-mapping" | "ingest-pipeline" | "index-template";
  readonly path: string;
  readonly body: unknown;
}

export interface RetentionObject extends DomainObject {
  readonly kind: "retention";
  /** Base of the index state management API, such as `/_plugins/_ism`. */
  readonly path: string;
  readonly body: unknown;
  readonly indexPattern: string;
}

export interface SavedObject {
  readonly type: "index-pattern" | "visualization" | "dashboard";
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly unknown[];
}

export interface SavedObjects extends DomainObject {
  readonly kind: "saved-objects";
  /** Base of the dashboards' server, such as `/_dashboards`. */
  readonly path: string;
  readonly objects: readonly SavedObject[];
}

export type AnyObject = PlainObject | RetentionObject | SavedObjects;

/** What the provider adds to the input of an invocation that follows its resource's life. */
export interface Lifecycle<T> {
  readonly tf?: { readonly action: "create" | "update" | "delete"; readonly prev_input?: T | null };
}
