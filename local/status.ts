/** The counts that a person reads: on the page, at `/api/status`, and in a test of the kit. */

/** Counts since the data folder began; accepted = indexed + dropped + failed + waiting + lost. */
export interface PipelineStatus {
  readonly accepted: number;
  readonly indexed: number;
  readonly dropped: number;
  readonly failed: number;
  readonly waiting: number;
  /** Records that were acknowledged and that a damaged or removed file has taken; 0 where nothing was. */
  readonly lost: number;
  readonly backedUp: number;
  /** Left out where the stream has no probe. */
  readonly probe?: ProbeStatus;
  readonly rooms: {
    readonly queueBytes: number;
    readonly transformBuffer: { readonly records: number; readonly bytes: number; readonly ageMs: number };
    readonly deliveryBuffer: { readonly records: number; readonly bytes: number; readonly ageMs: number };
    readonly backupBuffer: { readonly records: number; readonly bytes: number; readonly ageMs: number };
    /** What holds the line right now, such as "transform: attempt 2 of 4, Error: …"; undefined when all is well. */
    readonly trouble: string | undefined;
    /** Since when it does, in milliseconds since 1970. */
    readonly troubleSinceMs: number | undefined;
  };
}

/** Counts of a stream's probes since the start of the run. They are records like others in all other counts. */
export interface ProbeStatus {
  readonly sent: number;
  /** Of those whose time is up. */
  readonly arrived: number;
  /** Of those whose time is up. */
  readonly lost: number;
  /** Age of the newest one that is in the index; undefined before the first. */
  readonly latencySeconds: number | undefined;
  /** The minute that this one was sent for. */
  readonly lastSeen: string | undefined;
  /** Why the last one could not be sent, or not be looked for; undefined when all is well. */
  readonly problem: string | undefined;
}

/** Counts of messages about new objects since the data folder began. */
export interface ObjectsStatus {
  /** Those whose call is under way among them. */
  readonly waiting: number;
  /** Messages whose call has come to its end; an object may have several. */
  readonly done: number;
  /** Objects that could not be read; each is a line of `failed-objects.jsonl`. */
  readonly failed: number;
}
