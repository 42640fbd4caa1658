/** What the function is called with: one object that the domain must hold. */

/** Names of the indices that a stream makes, as the domain's patterns and as this program tells them apart. */
export interface StreamIndices {
  /** As narrow as a pattern can be that knows `*` alone, such as `web-20*-*-*`. */
  readonly pattern: string;
  /** Matches all that a stream of this name ever made, and whatever else begins alike: `web-*`. */
  readonly widePattern: string;
  /** Regular expression for exactly what a stream of this name makes, with any rotation. */
  readonly form: string;
}

interface DomainObject {
  readonly name: string;
  /** Mark of this stack, which the object carries; one with another mark is left alone. */
  readonly owner: string;
  /** Host name of the domain. In another domain the object is new. */
  readonly endpoint?: string;
  /** Raised by a person to have all objects put again. */
  readonly revision?: number;
}

/** An object behind one path: GET, PUT and DELETE. */
export interface PlainObject extends DomainObject {
  readonly kind: "role" | "role-mapping" | "index-template";
  readonly path: string;
  readonly body: unknown;
  /** Set where the object is about the stream's indices. */
  readonly indices?: StreamIndices;
}

/** Of earlier versions, which gave documents their time by a pipeline. Only to take it out. */
export interface IngestPipeline extends DomainObject {
  readonly kind: "ingest-pipeline";
  readonly path: string;
}

export interface RetentionObject extends DomainObject {
  readonly kind: "retention";
  /** Base of the index state management API, such as `/_plugins/_ism`. */
  readonly path: string;
  /** `null`: there is to be none. */
  readonly body: unknown;
  readonly indices: StreamIndices;
  /** Settings that nobody has chosen, of `indexRotation` and `indexRetentionDays`. */
  readonly leftToDefault: readonly string[];
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

export type AnyObject = PlainObject | IngestPipeline | RetentionObject | SavedObjects;

/** What the provider adds to the input of an invocation that follows its resource's life. */
export interface Lifecycle<T> {
  readonly tf?: { readonly action: "create" | "update" | "delete"; readonly prev_input?: T | null };
}

/** Says something to the person who deploys. */
export type Tell = (note: string) => void;
